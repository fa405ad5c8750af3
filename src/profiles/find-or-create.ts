import {
  type AlreadyExistsError,
  type IdentityTakenError,
  InvalidProfileError,
  isDossierError,
  MalformedRequestError,
  SchemaNotDefinedError,
} from '../errors.js';
import { copyInput } from '../model/defensive-copy.js';
import { Violations, violationSummary } from '../model/violation.js';
import { checkRepresentation } from '../rules/check-representation.js';
import type { CompiledExtension, CompiledKey, CompiledSchema } from '../rules/compiled-schema.js';
import { type CriteriaInput, type Criterion, covers, readCriteria } from '../rules/identification/criteria.js';
import { givenLookup, ownLookup } from '../rules/identification/key-lookup.js';
import { checkOptionNames, type OptionNames } from '../rules/method-options.js';
import { foldName } from '../rules/names.js';
import { retry } from '../storage/retry.js';
import type { CreationContext } from './change-context.js';
import type { ChangeResult } from './profile-changes.js';
import { type CreateInput, type ProfileCreation, readInput } from './profile-creation.js';
import type { ProfileSource } from './profile-loading.js';
import { keyNamed, searchProfiles } from './profile-search.js';
import { tooLarge } from './profile-size.js';
import type { Settings } from './settings.js';

/** By which key {@link ProfileService.findOrCreate} finds a profile. */
export interface FindOptions {
  /** The name of a unique identification key, ignoring case. */
  readonly key: string;
  /**
   * The values to find, as in {@link IdentifyOptions.values}: one for each attribute of the key. The representation must
   * have them. Default: those of the representation, of a multi-valued attribute the first, of an extension those of the
   * first record.
   */
  readonly values?: CriteriaInput | undefined;
}

const FIND_OPTIONS: OptionNames<FindOptions> = { key: true, values: true };

/** A profile that was found or created, and the extensions that its representation named. */
interface FoundOrCreated extends ChangeResult {
  readonly created: boolean;
  readonly extensions: ReadonlySet<CompiledExtension> | undefined;
}

interface Services {
  readonly source: ProfileSource;
  readonly creation: ProfileCreation;
  readonly settings: Settings;
}

/**
 * How often a creation may lose to a profile that is not found afterwards: it was deleted, or has another value of the
 * representation.
 */
const MAX_LOST_RACES = 3;

/** Finds a profile by a unique key, or creates it (L6). Of racing callers one creates, and the others find its profile. */
export async function findOrCreate(
  { source, creation, settings }: Services,
  tenantId: string,
  options: FindOptions,
  input: CreateInput,
  context: CreationContext,
): Promise<FoundOrCreated> {
  const { schemas } = source;
  checkFindOptions(options);
  // Copied: the caller may mutate it while we await.
  const request = { find: copyInput(options), input: copyInput(input) };
  let schema = schemas.known(tenantId);
  let refusal: AlreadyExistsError | IdentityTakenError | undefined;
  let lost = 0;
  return retry(async () => {
    schema ??= await schemas.newest(tenantId);
    if (!schema) throw new SchemaNotDefinedError();
    const result = await unlessOutdated(source, tenantId, schema, async (by) => {
      const lookup = readLookup(by, request, settings);
      const names = Array.from(lookup.extensions ?? [], ({ name }) => name);
      const search = { key: lookup.key.name, values: lookup.values, extensions: names, limit: 1 };
      return { ...lookup, found: await searchProfiles(source, tenantId, search, settings) };
    });
    if (result?.found.schema.version !== schema.version) {
      schema = undefined;
      return undefined;
    }
    const { found, key, extensions } = result;
    const [profile] = found.profiles;
    if (profile) return { schema, profile, extensions, created: false };
    // What refused the creation is not the profile to find.
    if (refusal && (!isTaken(refusal, key) || lost > MAX_LOST_RACES)) throw refusal;
    try {
      return { ...(await creation.one(tenantId, request.input, context)), created: true };
    } catch (error) {
      if (!isDossierError(error) || (error.code !== 'already_exists' && error.code !== 'identity_taken')) throw error;
      refusal = error as AlreadyExistsError | IdentityTakenError;
      lost += 1;
      return undefined;
    }
  });
}

/** At run time, for callers in JavaScript. */
function checkFindOptions(options: FindOptions): void {
  checkOptionNames(options, FIND_OPTIONS);
  if (typeof options.key !== 'string') {
    throw new MalformedRequestError('`key` must be a string: the name of a unique identification key.');
  }
}

/** Returns `undefined` if a schema that is no longer the newest refuses, since that is not final (R16). */
async function unlessOutdated<Result>(
  { schemas }: ProfileSource,
  tenantId: string,
  schema: CompiledSchema,
  decide: (schema: CompiledSchema) => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await decide(schema);
  } catch (error) {
    const newest = await schemas.newest(tenantId);
    if (newest?.version === schema.version) throw error;
    return undefined;
  }
}

/** What to look for, once the whole request is checked: the key, then the representation, and that it has the values. */
function readLookup(
  schema: CompiledSchema,
  { find, input }: { readonly find: FindOptions; readonly input: CreateInput },
  settings: Settings,
) {
  const key = uniqueKey(schema, find.key);
  const criteria = find.values === undefined ? undefined : readValues(schema, key, find.values);
  const { representation } = readInput(input);
  const check = checkRepresentation(schema, representation, settings);
  if (!check.valid) {
    throw check.tooLarge
      ? tooLarge(check.tooLarge, settings.maxProfileBytes)
      : new InvalidProfileError(check.violations);
  }
  const isFlat = 'members' in representation;
  const pointers = { attributes: isFlat ? '' : '/attributes', extensions: isFlat ? '' : '/extensions' };
  const lookup = criteria
    ? givenLookup(schema, key, criteria, check.checked, pointers)
    : ownLookup(key, check.checked, pointers);
  if (!lookup.valid) throw new InvalidProfileError(lookup.violations);
  const values = Object.fromEntries(lookup.criteria.map((criterion) => [nameOf(criterion), criterion.value]));
  return { key, values, extensions: check.namedExtensions };
}

/**
 * @throws NotFoundError if the schema has no such key
 * @throws MalformedRequestError if the key is not unique, or is still backfilling
 */
function uniqueKey(schema: CompiledSchema, name: string): CompiledKey {
  const backfilling = schema.keys.find((key) => foldName(key.name) === foldName(name));
  if (backfilling && !schema.keys.some((key) => key.complete && foldName(key.name) === foldName(name))) {
    throw new MalformedRequestError(`The identification key ${backfilling.name} is backfilling. Try again later.`);
  }
  const key = keyNamed(schema, name);
  if (!key.unique)
    throw new MalformedRequestError(`The identification key ${key.name} is not unique. Name a unique one.`);
  return key;
}

function readValues(schema: CompiledSchema, key: CompiledKey, values: CriteriaInput): readonly Criterion[] {
  const violations = new Violations();
  const criteria = readCriteria(schema, values, 'typed', violations);
  if (violations.count > 0) throw new MalformedRequestError(violationSummary('`values`', violations.items));
  if (covers(criteria, key) && criteria.length === key.attributes.length) return criteria;
  const names = key.attributes.map((attribute) => nameOf({ extension: key.extension, attribute })).join(', ');
  throw new MalformedRequestError(
    `\`values\` must have exactly the attributes of the identification key ${key.name}: ${names}.`,
  );
}

/** The name by which a search knows an attribute. */
function nameOf({ extension, attribute }: Omit<Criterion, 'value'>): string {
  return extension ? `${extension.name}.${attribute.name}` : attribute.name;
}

function isTaken(refusal: AlreadyExistsError | IdentityTakenError, { name }: CompiledKey): boolean {
  return refusal.code === 'identity_taken' && (refusal as IdentityTakenError).key === name;
}
