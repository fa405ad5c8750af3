import type { IndexEntry } from '../model/documents.js';
import { isPlainObject, isPositiveInteger } from '../model/guards.js';
import { SERVER_MODES, type ServerMode } from '../model/server-mode.js';
import type { StoredSchema } from '../model/stored-schema.js';
import type { ChangesPage, ChangesRequest, PruneChangesRequest } from './change-lines.js';
import type { ErasureRequest, ErasureResult, Lineage } from './erasure.js';
import type {
  Change,
  CommitOptions,
  CommitResult,
  FindRequest,
  Found,
  HistoryPage,
  HistoryRequest,
  Loaded,
  PageRequest,
  ProfilePage,
  ProfileRepository,
  PruneRequest,
  PruneResult,
  ReplaceChange,
  ReplaceResult,
  RepositoryCapabilities,
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
  'erased',
  'entry_taken',
]);

const REPLACE_OUTCOMES: ReadonlySet<string> = new Set(['replaced', 'unchanged', 'look']);

/**
 * Checks the results of a repository against the contract of the port, before the services rely on them. For example, a
 * storage that ignores the case of ids must not return the profile of another customer.
 */
export class CheckedRepository implements ProfileRepository {
  readonly capabilities: RepositoryCapabilities;
  readonly #repository: ProfileRepository;

  constructor(repository: ProfileRepository) {
    this.#repository = repository;
    this.capabilities = repository.capabilities ?? {};
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

  async commit(tenantId: string, changes: readonly Change[], options: CommitOptions): Promise<CommitResult> {
    const result = await traceCall('commit', tenantId, () => this.#repository.commit(tenantId, changes, options));
    assertContract(OUTCOMES.has(result.outcome), 'commit', 'a CommitResult with a known outcome');
    if (result.outcome === 'committed') {
      const { revisions } = result;
      assertContract(
        Array.isArray(revisions) && revisions.length === changes.length && revisions.every(isPositiveInteger),
        'commit',
        'the revision of each change',
      );
    }
    if ('index' in result)
      assertContract(changes[result.index] !== undefined, 'commit', 'the index of one of the changes');
    return result;
  }

  async replace(tenantId: string, change: ReplaceChange, options: CommitOptions): Promise<ReplaceResult> {
    const { replace = notDeclared('replace') } = this.#repository;
    const result = await traceCall('replace', tenantId, () =>
      replace.call(this.#repository, tenantId, change, options),
    );
    assertContract(REPLACE_OUTCOMES.has(result.outcome), 'replace', 'a ReplaceResult with a known outcome');
    if (result.outcome !== 'look')
      assertContract(isPositiveInteger(result.revision), 'replace', 'a positive integer as the revision');
    return result;
  }

  async find(tenantId: string, entry: IndexEntry, page: FindRequest): Promise<Found> {
    const found = await traceCall('find', tenantId, () => this.#repository.find(tenantId, entry, page));
    checkPage(found, page, page.extensions && page.documents !== false, 'find');
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

  async commitSchema(tenantId: string, change: SchemaChange): Promise<SchemaCommitResult> {
    const result = await traceCall('commitSchema', tenantId, () => this.#repository.commitSchema(tenantId, change));
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

  async history(tenantId: string, customerId: string, request: HistoryRequest): Promise<HistoryPage> {
    const { history = notDeclared('history') } = this.#repository;
    const page = await traceCall('history', tenantId, () =>
      history.call(this.#repository, tenantId, customerId, request),
    );
    checkHistory(page, customerId, request);
    return page;
  }

  async prune(tenantId: string, request: PruneRequest): Promise<PruneResult> {
    const { prune = notDeclared('history') } = this.#repository;
    const result = await traceCall('prune', tenantId, () => prune.call(this.#repository, tenantId, request));
    const { removed, next } = result;
    assertContract(Number.isSafeInteger(removed) && removed >= 0, 'prune', 'how many states were removed');
    const isAfter = next === undefined || request.after === undefined || next > request.after;
    // Otherwise a walk would prune the same ids forever.
    assertContract(isAfter, 'prune', 'a customer id after `after` as `next`');
    return result;
  }

  async changes(tenantId: string | undefined, request: ChangesRequest): Promise<ChangesPage> {
    const { changes = notDeclared('changes') } = this.#repository;
    const page = await traceCall('changes', tenantId, () => changes.call(this.#repository, tenantId, request));
    checkLines(page, tenantId, request);
    return page;
  }

  async pruneChanges(tenantId: string, request: PruneChangesRequest): Promise<number> {
    const { pruneChanges = notDeclared('changes') } = this.#repository;
    const removed = await traceCall('pruneChanges', tenantId, () =>
      pruneChanges.call(this.#repository, tenantId, request),
    );
    assertContract(Number.isSafeInteger(removed) && removed >= 0, 'pruneChanges', 'how many lines were removed');
    return removed;
  }

  async lineage(tenantId: string, customerId: string): Promise<Lineage | undefined> {
    const { lineage = notDeclared('erasure') } = this.#repository;
    const kept = await traceCall('lineage', tenantId, () => lineage.call(this.#repository, tenantId, customerId));
    if (kept === undefined) return undefined;
    assertContract(kept.customerId === customerId, 'lineage', 'the requested customer id');
    assertContract(isPositiveInteger(kept.revision), 'lineage', 'a positive integer as the revision');
    assertContract(Array.isArray(kept.merged), 'lineage', 'a list of what was merged into it');
    return kept;
  }

  async erase(tenantId: string, request: ErasureRequest): Promise<ErasureResult> {
    const { erase = notDeclared('erasure') } = this.#repository;
    const result = await traceCall('erase', tenantId, () => erase.call(this.#repository, tenantId, request));
    assertContract(
      result.outcome === 'erased' || result.outcome === 'changed',
      'erase',
      'an ErasureResult with a known outcome',
    );
    if (result.outcome === 'changed') return result;
    const { profiles, states, entries } = result.removed;
    const isCount = (count: number) => Number.isSafeInteger(count) && count >= 0;
    assertContract([profiles, states, entries].every(isCount), 'erase', 'how much was removed');
    const expected = request.targets.filter(({ exists }) => exists).length;
    assertContract(profiles === expected, 'erase', 'one removed profile for each that existed');
    return result;
  }

  async loadServerMode(): Promise<ServerMode | undefined> {
    const { loadServerMode = notDeclared('serverMode') } = this.#repository;
    const mode = await traceCall('loadServerMode', undefined, () => loadServerMode.call(this.#repository));
    assertContract(mode === undefined || SERVER_MODES.includes(mode), 'loadServerMode', 'a mode that was stored');
    return mode;
  }

  storeServerMode(mode: ServerMode): Promise<void> {
    const { storeServerMode = notDeclared('serverMode') } = this.#repository;
    return traceCall('storeServerMode', undefined, () => storeServerMode.call(this.#repository, mode));
  }

  ping(): Promise<void> {
    return traceCall('ping', undefined, () => this.#repository.ping());
  }
}

/** Stands for a method that the repository lacks. */
function notDeclared(capability: keyof RepositoryCapabilities): () => never {
  return () => {
    throw new Error(`The repository lacks a method of the capability ${capability}.`);
  };
}

function checkLines(
  { lines, more, newest, removed }: ChangesPage,
  tenantId: string | undefined,
  { after, limit }: ChangesRequest,
): void {
  assertContract(Array.isArray(lines) && lines.length <= limit, 'changes', 'at most `limit` lines');
  assertContract(typeof more === 'boolean', 'changes', 'a boolean `more`');
  assertContract([newest, removed].every(isCount), 'changes', 'positions as `newest` and `removed`');
  // Otherwise a reader would read the same page forever.
  const isBehind = after !== undefined && (after < removed || after > newest);
  assertContract(!more || lines.length > 0 || isBehind, 'changes', 'at least one line if there are `more`');
  let before = after ?? removed;
  for (const line of lines) {
    assertContract(tenantId === undefined || line.tenantId === tenantId, 'changes', 'lines of the requested tenant');
    assertContract(isCount(line.position) && line.position > before, 'changes', 'lines after `after`, by position');
    assertContract(isPositiveInteger(line.revision), 'changes', 'positive integers as revisions');
    before = line.position;
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function checkHistory({ states, more }: HistoryPage, customerId: string, { before, limit }: HistoryRequest): void {
  assertContract(Array.isArray(states) && states.length <= limit, 'history', 'at most `limit` states');
  assertContract(typeof more === 'boolean', 'history', 'a boolean `more`');
  assertContract(!more || states.length > 0, 'history', 'at least one state if there are `more`');
  let above = before;
  for (const { revision, profile, ...state } of states) {
    assertContract(state.customerId === customerId, 'history', 'states of the requested customer id');
    assertContract(isPositiveInteger(revision), 'history', 'positive integers as revisions');
    assertContract(above === undefined || revision < above, 'history', 'states before `before`, the newest first');
    if (profile) checkProfile(profile, true, 'history');
    above = revision;
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
