import type { IndexEntry } from '../model/documents.js';
import { isPlainObject } from '../model/plain-object.js';
import { isPositiveInteger } from '../model/positive-integer.js';
import type { StoredSchema } from '../model/stored-schema.js';
import type {
  Change,
  CommitResult,
  Found,
  Loaded,
  PageRequest,
  ProfilePage,
  ProfileRepository,
  SchemaChange,
  SchemaCommitResult,
  StoredProfile,
} from './profile-repository.js';
import { traceCall } from './tracing.js';

const OUTCOMES: ReadonlySet<string> = new Set([
  'committed',
  'schema_changed',
  'revision_changed',
  'id_taken',
  'entry_taken',
]);

/**
 * Checks the results of a repository against the contract of the port, before the services rely on them. For example, a
 * storage that ignores the case of ids must not return the profile of another customer.
 */
export class CheckedRepository implements ProfileRepository {
  readonly #repository: ProfileRepository;

  constructor(repository: ProfileRepository) {
    this.#repository = repository;
  }

  async load(tenantId: string, customerId: string, options: { readonly extensions: boolean }): Promise<Loaded> {
    const loaded = await traceCall('load', tenantId, () => this.#repository.load(tenantId, customerId, options));
    const { schemaVersion, profile } = loaded;
    assertContract(
      schemaVersion === undefined || isPositiveInteger(schemaVersion),
      'load',
      'a positive integer as the schema version',
    );
    if (profile) {
      checkProfile(profile, options.extensions, 'load');
      assertContract(profile.customerId === customerId, 'load', 'the profile with the requested customer id');
    }
    return loaded;
  }

  async commit(changes: readonly Change[]): Promise<CommitResult> {
    const result = await traceCall('commit', changes[0]?.tenantId, () => this.#repository.commit(changes));
    assertContract(OUTCOMES.has(result.outcome), 'commit', 'a CommitResult with a known outcome');
    if ('index' in result)
      assertContract(changes[result.index] !== undefined, 'commit', 'the index of one of the changes');
    return result;
  }

  async find(
    tenantId: string,
    entry: IndexEntry,
    page: PageRequest & { readonly extensions: boolean },
  ): Promise<Found> {
    const found = await traceCall('find', tenantId, () => this.#repository.find(tenantId, entry, page));
    checkPage(found, page, page.extensions, 'find');
    return found;
  }

  async page(tenantId: string, page: PageRequest): Promise<ProfilePage> {
    const answered = await traceCall('page', tenantId, () => this.#repository.page(tenantId, page));
    checkPage(answered, page, true, 'page');
    return answered;
  }

  async loadSchema(tenantId: string): Promise<{ readonly version: number; readonly schema: StoredSchema } | undefined> {
    const stored = await traceCall('loadSchema', tenantId, () => this.#repository.loadSchema(tenantId));
    assertContract(
      stored === undefined || isPositiveInteger(stored.version),
      'loadSchema',
      'a positive integer as the schema version',
    );
    return stored;
  }

  async commitSchema(change: SchemaChange): Promise<SchemaCommitResult> {
    const result = await traceCall('commitSchema', change.tenantId, () => this.#repository.commitSchema(change));
    assertContract(
      result.outcome === 'committed' || result.outcome === 'schema_changed',
      'commitSchema',
      'a SchemaCommitResult with a known outcome',
    );
    return result;
  }

  dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
    return traceCall('dropEntries', tenantId, () => this.#repository.dropEntries(tenantId, key, limit));
  }

  ping(): Promise<void> {
    return traceCall('ping', undefined, () => this.#repository.ping());
  }
}

function checkPage(
  { profiles, more }: ProfilePage,
  { after, limit }: PageRequest,
  extensions: boolean,
  method: string,
): void {
  assertContract(Array.isArray(profiles), method, 'an object with `profiles`');
  assertContract(profiles.length <= limit, method, 'at most `limit` profiles');
  assertContract(typeof more === 'boolean', method, 'a boolean `more`');
  // Otherwise a walk would read the same page forever.
  assertContract(!more || profiles.length > 0, method, 'at least one profile if there are `more`');
  let before = after;
  for (const profile of profiles) {
    checkProfile(profile, extensions, method);
    // Ids are ASCII, so the order of UTF-16 code units is byte order.
    assertContract(
      before === undefined || profile.customerId > before,
      method,
      'profiles after `after`, in byte order of their customer ids',
    );
    before = profile.customerId;
  }
}

function checkProfile(profile: StoredProfile, extensions: boolean, method: string): void {
  assertContract(isPositiveInteger(profile.revision), method, 'a positive integer as the revision');
  assertContract(isPlainObject(profile.attributes), method, 'the attributes as a plain object');
  if (extensions) assertContract(isPlainObject(profile.extensions), method, 'the extensions as a plain object');
}

/** Throws a plain `Error`: a breach of the contract is a bug of the repository, not a fault of the caller. */
function assertContract(isKept: boolean, method: string, expected: string): void {
  if (!isKept)
    throw new Error(`The repository breaks the contract of ProfileRepository: ${method} must return ${expected}.`);
}
