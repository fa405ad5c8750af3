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
  'schema_moved',
  'revision_moved',
  'id_taken',
  'entry_taken',
]);

/**
 * A repository whose answers are held against the contract of the port before the services rely on them: a storage
 * that, say, compares ids without regard to case must not answer one customer with the profile of another.
 */
export class CheckedRepository implements ProfileRepository {
  readonly #repository: ProfileRepository;

  constructor(repository: ProfileRepository) {
    this.#repository = repository;
  }

  async load(tenantId: string, customerId: string, options: { readonly extensions: boolean }): Promise<Loaded> {
    const loaded = await traceCall('load', tenantId, () => this.#repository.load(tenantId, customerId, options));
    const { schemaVersion, profile } = loaded;
    hold(schemaVersion === undefined || isPositiveInteger(schemaVersion), 'load', 'a schema version');
    if (profile) {
      checkProfile(profile, options.extensions, 'load');
      hold(profile.customerId === customerId, 'load', 'the profile that was asked for');
    }
    return loaded;
  }

  async commit(changes: readonly Change[]): Promise<CommitResult> {
    const result = await traceCall('commit', changes[0]?.tenantId, () => this.#repository.commit(changes));
    hold(OUTCOMES.has(result.outcome), 'commit', 'an outcome of the contract');
    if ('index' in result) hold(changes[result.index] !== undefined, 'commit', 'the index of a change');
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
    hold(stored === undefined || isPositiveInteger(stored.version), 'loadSchema', 'a schema version');
    return stored;
  }

  async commitSchema(change: SchemaChange): Promise<SchemaCommitResult> {
    const result = await traceCall('commitSchema', change.tenantId, () => this.#repository.commitSchema(change));
    hold(result.outcome === 'committed' || result.outcome === 'schema_moved', 'commitSchema', 'an outcome');
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
  hold(Array.isArray(profiles), method, 'an object with `profiles`');
  hold(profiles.length <= limit, method, 'no more than the limit');
  hold(typeof more === 'boolean', method, 'whether there is `more`');
  // Otherwise a walk would ask for the same page for ever.
  hold(!more || profiles.length > 0, method, 'a profile where there is more');
  let before = after;
  for (const profile of profiles) {
    checkProfile(profile, extensions, method);
    // Ids are ASCII, so that the order of UTF-16 units is the order of bytes.
    hold(before === undefined || profile.customerId > before, method, 'customer ids in byte order');
    before = profile.customerId;
  }
}

function checkProfile(profile: StoredProfile, extensions: boolean, method: string): void {
  hold(isPositiveInteger(profile.revision), method, 'a revision');
  hold(isPlainObject(profile.attributes), method, 'an attributes document');
  if (extensions) hold(isPlainObject(profile.extensions), method, 'an extensions document');
}

/** A breach is a fault of the storage's author, not of the caller, so it is no typed error. */
function hold(kept: boolean, method: string, promised: string): void {
  if (!kept) throw new Error(`The repository breaks its contract: ${method} must answer ${promised}.`);
}
