import {
  IdentityTakenError,
  InvalidProfileError,
  NotFoundError,
  RevisionConflictError,
  SchemaNotDefinedError,
} from '../errors.js';
import type { CompiledSchema } from '../rules/compiled-schema.js';
import type { Decision } from '../rules/decision.js';
import { entryChanges } from '../rules/identification/entries.js';
import type { Change, CommitResult, ProfileRepository, StoredProfile } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { isSameCreation } from './creation-timestamps.js';
import { type ExpectedRevision, matchRevision } from './expected-revision.js';
import { loadProfile } from './profile-loading.js';
import { checkSize, findOversize } from './profile-size.js';
import type { SchemaSource } from './schema-source.js';
import type { Settings } from './settings.js';

/** A change of one profile that is decided by what the profile is. */
export interface ProfileChange {
  /** Whether the extensions must be loaded to decide. */
  readonly needsExtensions: (schema: CompiledSchema) => boolean;
  /** What can be told of the change by the schema alone, and then by what the profile is. */
  readonly decide: (schema: CompiledSchema) => (current: StoredProfile) => Decision;
  /** The segment from now on; `undefined` leaves the one that is kept. */
  readonly segment: string | undefined;
  /** When the profile was created on which the change is based; one made anew under its customer id is another. */
  readonly createdAt?: string | undefined;
}

/** What became of a change. */
export interface Changed {
  readonly schema: CompiledSchema;
  readonly profile: StoredProfile;
}

/** Loads, decides and commits: the only way in which a profile changes. */
export class ProfileChanges {
  readonly #repository: ProfileRepository;
  readonly #schemas: SchemaSource;
  readonly #settings: Settings;

  constructor(repository: ProfileRepository, schemas: SchemaSource, settings: Settings) {
    this.#repository = repository;
    this.#schemas = schemas;
    this.#settings = settings;
  }

  /**
   * Loads the profile, decides and commits; again, if something moved in between.
   *
   * @throws SchemaNotDefinedError if the tenant has no schema (R15)
   * @throws NotFoundError if there is no such profile
   * @throws InvalidProfileError if the change is refused
   * @throws PreconditionRequiredError, RevisionConflictError by what is expected (R14)
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
      // While the storage is at work: most often its schema turns out to be the one that is known.
      decider ??= known && deciderOf(change, known);
      const { schema, profile } = await loading;
      if (!schema) throw new SchemaNotDefinedError();
      if (!profile) throw noSuchProfile();
      if (change.needsExtensions(schema) && !profile.extensions) {
        withExtensions = true;
        return undefined;
      }
      if (decider?.schema !== schema) decider = { schema, decide: change.decide(schema) };
      const decision = decider.decide(profile);
      if (decision.kind === 'refused') throw new InvalidProfileError(decision.violations);
      matchRevision(expected, profile.revision, this.#settings);
      if (change.createdAt !== undefined && !isSameCreation(change.createdAt, profile.createdAt)) {
        throw new RevisionConflictError(profile.revision);
      }
      if (decision.kind === 'changed') {
        checkSize(decision, this.#settings.maxProfileBytes);
        return await this.#commitDecision(tenantId, schema, profile, change, decision);
      }
      if (change.segment === undefined || change.segment === profile.segment) return { schema, profile };
      const { attributes } = profile;
      return this.#commitDecision(tenantId, schema, profile, change, {
        kind: 'changed',
        attributes,
        extensions: undefined,
      });
    });
  }

  /**
   * Decides by what the caller has read, and commits without loading. Answers `undefined` where that does not do: only
   * the newest schema may refuse (R16), and only the current profile tells that nothing changes (R13) or that it moved.
   */
  async changeKnown(tenantId: string, current: StoredProfile, change: ProfileChange): Promise<Changed | undefined> {
    const schema = this.#schemas.known(tenantId);
    if (!schema) return undefined;
    // Before anything else: the caller may change what was given as soon as this waits, or has answered.
    const decide = change.decide(schema);
    if (change.needsExtensions(schema) && !current.extensions) return undefined;
    const decision = decide(current);
    if (decision.kind !== 'changed' || findOversize(decision, this.#settings.maxProfileBytes)) return undefined;
    return await this.#commitDecision(tenantId, schema, current, change, decision);
  }

  /** Reads a profile and the schema of its tenant; neither need be there. */
  load(tenantId: string, customerId: string, extensions: boolean) {
    const source = { repository: this.#repository, schemas: this.#schemas };
    return loadProfile(source, tenantId, customerId, extensions);
  }

  /** @throws IdentityTakenError if a unique entry belongs to another profile (R19) */
  async commit(schema: CompiledSchema, changes: readonly Change[]): Promise<CommitResult> {
    const result = await this.#repository.commit(changes);
    if (result.outcome !== 'entry_taken') return result;
    throw new IdentityTakenError(schema.keys.find(({ index }) => index === result.key)?.name ?? result.key);
  }

  async #commitDecision(
    tenantId: string,
    schema: CompiledSchema,
    current: StoredProfile,
    { segment }: ProfileChange,
    { attributes, extensions }: Decision & { kind: 'changed' },
  ): Promise<Changed | undefined> {
    const { customerId, revision, createdAt } = current;
    const at = this.#settings.now().toISOString();
    const { addEntries, removeEntries } = entryChanges(schema, current, { attributes, extensions });
    const { outcome } = await this.commit(schema, [
      {
        kind: 'update',
        tenantId,
        customerId,
        schemaVersion: schema.version,
        expectedRevision: revision,
        createdAt,
        segment,
        attributes,
        extensions,
        at,
        addEntries,
        removeEntries,
      },
    ]);
    if (outcome !== 'committed') return undefined;
    const profile: StoredProfile = {
      customerId,
      revision: revision + 1,
      segment: segment ?? current.segment,
      attributes,
      extensions: extensions ?? current.extensions,
      createdAt,
      updatedAt: at,
    };
    return { schema, profile };
  }
}

/** What a schema tells of a change. */
interface Decider {
  readonly schema: CompiledSchema;
  readonly decide: (current: StoredProfile) => Decision;
}

/** Answers `undefined` where the schema, which need not be the newest, tells that there can be no such change (R16). */
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
