import type { TooLargeError } from '../errors.js';
import { AlreadyExistsError, InvalidProfileError, MalformedRequestError, SchemaNotDefinedError } from '../errors.js';
import type { Operation } from '../model/operation.js';
import type { Representation } from '../model/representation.js';
import { MAX_VIOLATIONS, type Violation } from '../model/violation.js';
import type { CheckedRepresentation } from '../rules/check-representation.js';
import type { CompiledExtension, CompiledSchema } from '../rules/compiled-schema.js';
import type { DocumentName } from '../rules/decision.js';
import { CUSTOMER_ID_FORM, isCustomerId } from '../rules/ids.js';
import type { ProfileLimits } from '../rules/profile-limits.js';
import { keepResidualMembers, residualDocumentOf } from '../rules/residual.js';
import type { CreateChange, StoredProfile } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { isLarge, nextTurn, turnAfter } from '../storage/turns.js';
import { type CapturedRepresentation, captureRepresentation } from './captured-representation.js';
import { attributionOf, type ChangeContext, type CreationContext, checkContext } from './change-context.js';
import type { ChangeResult, ProfileChanges } from './profile-changes.js';
import { tooLarge } from './profile-size.js';
import { type Cause, creation } from './repository-changes.js';
import type { SchemaSource } from './schema-source.js';
import type { Settings } from './settings.js';

/** A profile to create: a representation, and optionally its customer id. Without one, the service generates an id. */
export type CreateInput = Representation & { readonly customerId?: string | undefined };

/** One of many profiles to create. Its own segment overrides the segment of the whole call. */
export type CreateManyInput = CreateInput & Pick<ChangeContext, 'segment'>;

/** What creates a profile. */
export interface CreationCause {
  readonly operation: Operation;
  /** The former state that is restored, with the residual values that come back (R23). */
  readonly former?: StoredProfile | undefined;
}

/** A created profile, and the extensions that its representation named. */
interface Created extends ChangeResult {
  readonly extensions: ReadonlySet<CompiledExtension> | undefined;
}

interface Input {
  readonly chosenId: string | undefined;
  readonly segment: string | undefined;
  readonly captured: CapturedRepresentation;
  readonly former?: StoredProfile | undefined;
  /** The pointer to the representation in the caller's input. */
  readonly pointer: string;
}

/** Creates one or many profiles in one commit. */
export class ProfileCreation {
  readonly #schemas: SchemaSource;
  readonly #changes: ProfileChanges;
  readonly #settings: Settings;

  constructor(schemas: SchemaSource, changes: ProfileChanges, settings: Settings) {
    this.#schemas = schemas;
    this.#changes = changes;
    this.#settings = settings;
  }

  /** Creates one profile. Violations point into its representation. */
  async one(
    tenantId: string,
    input: CreateInput,
    context: CreationContext,
    { operation, former }: CreationCause = { operation: 'create' },
  ): Promise<Created> {
    const read = captureInput(input, context.segment, '', this.#schemas.known(tenantId), this.#settings);
    const metadata = { operation, ...attributionOf(context) };
    const [created] = await this.#run(tenantId, [{ ...read, former }], metadata, context.afterErasure);
    const { schema, profile } = created as ChangeResult;
    return { schema, profile, extensions: read.captured(schema).namedExtensions };
  }

  /** Creates all profiles, or none. Violations point into the array of inputs. */
  many(
    tenantId: string,
    inputs: readonly CreateManyInput[],
    context: CreationContext,
    operation: Operation,
  ): Promise<readonly ChangeResult[]> {
    const known = this.#schemas.known(tenantId);
    // Unlike `map`, `Array.from` visits the holes of a sparse array.
    const read = Array.from(inputs, (item, index) => {
      const { segment = context.segment, ...input } = item ?? {};
      checkContext({ segment });
      return captureInput(input, segment, `/${index}`, known, this.#settings);
    });
    const ids = read.flatMap(({ chosenId }) => chosenId ?? []);
    if (new Set(ids).size < ids.length) throw idTaken();
    return this.#run(tenantId, read, { operation, ...attributionOf(context) }, context.afterErasure);
  }

  #run(
    tenantId: string,
    inputs: readonly Input[],
    metadata: Cause,
    afterErasure: string | undefined,
  ): Promise<readonly ChangeResult[]> {
    let schema = this.#schemas.known(tenantId);
    return retry(async () => {
      schema ??= await this.#schemas.newest(tenantId);
      if (!schema) throw new SchemaNotDefinedError();
      const decision = await this.#decide(schema, inputs);
      if (decision.kind === 'refused') {
        // The schema in memory may be outdated, and must not refuse what the newest one accepts (R16).
        const newest = await this.#schemas.newest(tenantId);
        if (newest?.version === schema.version) throw decision.error;
        schema = newest;
        return undefined;
      }
      const by = schema;
      const profiles = decision.checked.map((checked, index) => this.#newProfile(by, inputs[index], checked));
      // A generated id equals another one in the list: retry with a new one.
      if (new Set(profiles.map(({ customerId }) => customerId)).size < profiles.length) return undefined;
      const changes: CreateChange[] = [];
      for (const profile of profiles) {
        await turnAfter(profile);
        changes.push({ ...creation(schema, profile, metadata, this.#settings.changes !== undefined), afterErasure });
      }
      if (profiles.some(isLarge)) await nextTurn();
      const result = await this.#changes.commitUnlessTaken(tenantId, schema, changes);
      if (result.outcome === 'committed') {
        // Under the id of a deleted profile, revisions go on (H1).
        return profiles.map((profile, index) => {
          return { schema: by, profile: { ...profile, revision: result.revisions[index] ?? 1 } };
        });
      }
      if (result.outcome === 'id_taken' && inputs[result.index]?.chosenId !== undefined) throw idTaken();
      if (result.outcome === 'schema_changed') schema = undefined;
      return undefined;
    });
  }

  async #decide(schema: CompiledSchema, inputs: readonly Input[]): Promise<CreationDecision> {
    const { checked, violations, document } = await check(schema, inputs);
    if (violations.length > 0) return { kind: 'refused', error: new InvalidProfileError(violations) };
    if (document) return { kind: 'refused', error: tooLarge(document, this.#settings.maxProfileBytes) };
    return { kind: 'accepted', checked };
  }

  #newProfile(
    schema: CompiledSchema,
    input: Input | undefined,
    { attributes, extensions = {} }: CheckedRepresentation,
  ): StoredProfile {
    const customerId = input?.chosenId ?? this.#settings.generateCustomerId();
    const at = this.#settings.uniqueTimestamp();
    const profile = {
      customerId,
      revision: 1,
      segment: input?.segment,
      attributes,
      extensions,
      createdAt: at,
      updatedAt: at,
    };
    const former = input?.former;
    if (former === undefined) return profile;
    return {
      ...profile,
      extensions: keepResidualMembers(schema, former.extensions ?? {}, extensions),
      residual: residualDocumentOf(schema, former),
    };
  }
}

/** The decision about a creation, by one schema. */
type CreationDecision =
  | { readonly kind: 'refused'; readonly error: InvalidProfileError | TooLargeError }
  | { readonly kind: 'accepted'; readonly checked: readonly CheckedRepresentation[] };

/**
 * Separates the chosen customer id from the representation.
 *
 * @throws MalformedRequestError if it is no customer id
 */
export function readInput(input: CreateInput): {
  readonly chosenId: string | undefined;
  readonly representation: Representation;
} {
  const { customerId: chosenId, ...representation } = input ?? {};
  if (chosenId !== undefined && !isCustomerId(chosenId))
    throw new MalformedRequestError(`\`customerId\` must be ${CUSTOMER_ID_FORM}.`);
  return { chosenId, representation };
}

function captureInput(
  input: CreateInput,
  segment: string | undefined,
  pointer: string,
  known: CompiledSchema | undefined,
  limits: ProfileLimits,
): Input {
  const { chosenId, representation } = readInput(input);
  return { chosenId, segment, captured: captureRepresentation(representation, known, limits), pointer };
}

interface CheckedInputs {
  readonly checked: readonly CheckedRepresentation[];
  readonly violations: readonly Violation[];
  /** The first document that is over the limit. */
  readonly document: DocumentName | undefined;
}

/** Checks representations in order, and collects the violations of all, up to the limit (R11). */
async function check(schema: CompiledSchema, inputs: readonly Input[]): Promise<CheckedInputs> {
  const checked: CheckedRepresentation[] = [];
  const violations: Violation[] = [];
  let document: DocumentName | undefined;
  for (const { captured, pointer } of inputs) {
    const result = captured(schema);
    if (result.valid) checked.push(result.checked);
    else if (result.tooLarge) document ??= result.tooLarge;
    else violations.push(...result.violations.map((one) => ({ ...one, pointer: pointer + one.pointer })));
    if (violations.length >= MAX_VIOLATIONS) break;
    if (result.valid && isLarge(result.checked)) await nextTurn();
  }
  return { checked, violations: violations.slice(0, MAX_VIOLATIONS), document };
}

function idTaken(): AlreadyExistsError {
  return new AlreadyExistsError(
    'The customer id is taken: a profile of the tenant has it, or the call names it twice. Choose another one.',
  );
}
