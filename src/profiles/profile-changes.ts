import {
  IdentityTakenError,
  InvalidProfileError,
  NotFoundError,
  RevisionConflictError,
  SchemaNotDefinedError,
} from '../errors.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { Decision } from '../rules/decision.js';
import type { Change, CommitResult, ProfileRepository, StoredProfile } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { turnAfter } from '../storage/turns.js';
import { isSameCreation } from './creation-timestamps.js';
import { type ExpectedRevision, matchRevision } from './expected-revision.js';
import { loadProfile, type ProfileSource } from './profile-loading.js';
import { checkSize, tooLarge } from './profile-size.js';
import { type NextState, update } from './repository-changes.js';
import type { SchemaSource } from './schema-source.js';
import type { Settings } from './settings.js';

/** A change of one profile that is decided by its current state. */
export interface ProfileChange {
  /** Whether the extensions must be loaded to decide. */
  readonly needsExtensions: (schema: CompiledSchema) => boolean;
  /** Decides in two steps: what the schema alone tells, and then by the current state. Holds the profile to the limit. */
  readonly decide: (schema: CompiledSchema) => (current: StoredProfile) => Decision;
  /** The segment from now on; `undefined` leaves the one that is stored. */
  readonly segment: string | undefined;
  /** The creation timestamp of the profile that the change is based on: a recreated profile is another one. */
  readonly createdAt?: string | undefined;
}

/** A profile after a change, and the schema that the change was decided by. */
export interface Changed {
  readonly schema: CompiledSchema;
  readonly profile: StoredProfile;
}

/** Loads, decides and commits: the only way in which a profile changes. */
export class ProfileChanges {
  readonly #source: ProfileSource;
  readonly #schemas: SchemaSource;
  readonly #repository: ProfileRepository;
  readonly #settings: Settings;

  constructor(source: ProfileSource, settings: Settings) {
    this.#source = source;
    this.#schemas = source.schemas;
    this.#repository = source.repository;
    this.#settings = settings;
  }

  /**
   * Loads the profile, decides and commits; again, if the profile or the schema changed in between.
   *
   * @throws SchemaNotDefinedError if the tenant has no schema (R15)
   * @throws NotFoundError if there is no such profile
   * @throws InvalidProfileError if the change is refused
   * @throws PreconditionRequiredError, RevisionConflictError by the expected revision (R14)
   */
  change(
    tenantId: string,
    customerId: string,
    change: ProfileChange,
    expected: ExpectedRevision | undefined,
  ): Promise<Changed> {
    const known = this.#schemas.known(tenantId);
    let withExtensions = known === undefined || change.needsExtensions(known);
    let decider: Decider | undefined;
    return retry(async () => {
      const loading = this.load(tenantId, customerId, withExtensions);
      // While the storage is at work: most often its schema turns out to be the one in memory.
      decider ??= known && deciderOf(change, known);
      const { schema, profile } = await loading;
      if (!schema) throw new SchemaNotDefinedError();
      if (!profile) throw noSuchProfile();
      if (change.needsExtensions(schema) && !profile.extensions) {
        withExtensions = true;
        return undefined;
      }
      await turnAfter(profile);
      if (decider?.schema !== schema) decider = { schema, decide: change.decide(schema) };
      const decision = decider.decide(profile);
      if (decision.kind === 'refused') throw new InvalidProfileError(decision.violations);
      if (decision.kind === 'too_large') throw tooLarge(decision.document, this.#settings.maxProfileBytes);
      this.expect(expected, change.createdAt, profile);
      if (decision.kind === 'changed') {
        return this.#commitUpdate(tenantId, schema, profile, { ...decision, segment: change.segment });
      }
      const { segment } = change;
      if (segment === undefined || segment === profile.segment) return { schema, profile };
      return this.#commitUpdate(tenantId, schema, profile, { attributes: profile.attributes, segment });
    });
  }

  /**
   * Decides by what the caller has read, and commits without loading. Answers `undefined` where that is not enough: only
   * the newest schema may refuse (R16), and only the current state tells whether anything changes (R13).
   */
  async changeKnown(tenantId: string, current: StoredProfile, change: ProfileChange): Promise<Changed | undefined> {
    const schema = this.#schemas.known(tenantId);
    if (!schema) return undefined;
    // Before anything is awaited: the caller may mutate the input while we wait.
    const decide = change.decide(schema);
    if (change.needsExtensions(schema) && !current.extensions) return undefined;
    const decision = decide(current);
    if (decision.kind !== 'changed') return undefined;
    return this.#commitUpdate(tenantId, schema, current, { ...decision, segment: change.segment });
  }

  /**
   * Changes a profile by this version of the schema and no other, whatever others do to the profile meanwhile.
   *
   * @param decide answers `undefined` where nothing is left to change
   * @returns false if the schema has changed
   */
  async changeBySchema(
    tenantId: string,
    schema: CompiledSchema,
    found: StoredProfile,
    decide: (current: StoredProfile) => NextState | undefined,
  ): Promise<boolean> {
    let current: StoredProfile | undefined = found;
    while (current) {
      const next = decide(current);
      if (!next) return true;
      const { change } = update(tenantId, schema, current, next, this.#now());
      const { outcome } = await this.commit([change]);
      if (outcome === 'committed') return true;
      if (outcome === 'schema_moved') return false;
      current = await this.reload(tenantId, current);
    }
    return true;
  }

  /** Commits changes, and answers what the repository did with them. */
  commit(changes: readonly Change[]): Promise<CommitResult> {
    return this.#repository.commit(changes);
  }

  /** @throws IdentityTakenError if a unique entry belongs to another profile (R19) */
  async commitUnlessTaken(schema: CompiledSchema, changes: readonly Change[]): Promise<CommitResult> {
    const result = await this.commit(changes);
    if (result.outcome !== 'entry_taken') return result;
    throw new IdentityTakenError(schema.keys.find(({ index }) => index === result.key)?.name ?? result.key);
  }

  /**
   * The update of a profile and its state afterwards, to be committed together with other changes.
   *
   * @throws TooLargeError if the profile would be over the limit
   */
  update(tenantId: string, schema: CompiledSchema, current: StoredProfile, next: NextState) {
    checkSize(next, this.#settings.maxProfileBytes);
    return update(tenantId, schema, current, next, this.#now());
  }

  /** @throws PreconditionRequiredError, RevisionConflictError if the profile is not what the caller expects (R14) */
  expect(
    expected: ExpectedRevision | undefined,
    createdAt: string | undefined,
    { revision, ...current }: StoredProfile,
  ) {
    matchRevision(expected, revision, this.#settings);
    if (createdAt !== undefined && !isSameCreation(createdAt, current.createdAt)) {
      throw new RevisionConflictError(revision);
    }
  }

  /** Reads a profile and the schema of its tenant; either may be absent. */
  load(tenantId: string, customerId: string, extensions: boolean) {
    return loadProfile(this.#source, tenantId, customerId, extensions);
  }

  /** The profile as it is now, with its extensions; `undefined` if it is gone. */
  async reload(
    tenantId: string,
    { customerId }: Pick<StoredProfile, 'customerId'>,
  ): Promise<StoredProfile | undefined> {
    return (await this.#repository.load(tenantId, customerId, { extensions: true })).profile;
  }

  async #commitUpdate(
    tenantId: string,
    schema: CompiledSchema,
    current: StoredProfile,
    next: NextState,
  ): Promise<Changed | undefined> {
    await turnAfter(next);
    const { change, profile } = update(tenantId, schema, current, next, this.#now());
    await turnAfter(next);
    const { outcome } = await this.commitUnlessTaken(schema, [change]);
    return outcome === 'committed' ? { schema, profile } : undefined;
  }

  #now(): string {
    return this.#settings.now().toISOString();
  }
}

/** What a schema tells of a change. */
interface Decider {
  readonly schema: CompiledSchema;
  readonly decide: (current: StoredProfile) => Decision;
}

/** Answers `undefined` where the schema in memory, which need not be the newest, refuses the change (R16). */
function deciderOf(change: ProfileChange, schema: CompiledSchema): Decider | undefined {
  try {
    return { schema, decide: change.decide(schema) };
  } catch {
    return undefined;
  }
}

export function noSuchProfile(): NotFoundError {
  return new NotFoundError('The tenant has no profile with this customer id.');
}
