import type {
  Change,
  ChangesPage,
  ChangesRequest,
  CommitOptions,
  CommitResult,
  ErasureRequest,
  ErasureResult,
  FindRequest,
  Found,
  HistoryPage,
  HistoryRequest,
  IndexEntry,
  Lineage,
  Loaded,
  PageRequest,
  ProfilePage,
  ProfileRepository,
  PruneChangesRequest,
  PruneRequest,
  PruneResult,
  ReplaceChange,
  ReplaceResult,
  RepositoryCapabilities,
  SchemaChange,
  SchemaCommitResult,
  ServerMode,
  StoredSchema,
} from 'dossier/storage';
import { commitOrConflict } from './commit/attempt.js';
import { batchedReplacements, type Replace } from './commit/batched-replacements.js';
import { captureReplacement } from './commit/captured-replacement.js';
import { CommitPlan } from './commit/commit-plan.js';
import { replaceUnseen } from './commit/replacement.js';
import { togetherOn } from './commit/replacements-together.js';
import { schemaCommit } from './commit/schema-commit.js';
import { batchedLoads, type LoadRows } from './connections/batched-loads.js';
import { assertMet, assertSettings } from './connections/requirements.js';
import type { Session } from './connections/session.js';
import type { Statements } from './dialects/dialect.js';
import { erase, lineage } from './erase.js';
import { pruneLines, readLines } from './feed.js';
import type { Migration } from './migrations/migration.js';
import { assertUsable } from './migrations/migration-status.js';
import { prune } from './prune.js';
import { pageOf, profileOf, schemaOf, schemaVersionOf, statesOf, turnBefore } from './sql/rows.js';
import type { Row, Statement, Values } from './sql/statement.js';
import type { RowReads } from './sql/statements.js';

/** The port over any session: which statements an operation takes, and what their results mean. */
export class SqlProfileRepository implements ProfileRepository {
  readonly capabilities: RepositoryCapabilities;
  readonly #session: Session;
  readonly #statements: Statements;
  readonly #migrations: readonly Migration[];
  readonly #replace: Replace | undefined;
  #reads: RowReads;
  #loadRows: LoadRows;

  constructor(session: Session, statements: Statements, migrations: readonly Migration[]) {
    // Within a transaction of the host, no error may undo a statement.
    this.#replace = session.inHostTransaction ? undefined : replaceBy(session, statements);
    const replace = this.#replace !== undefined;
    this.capabilities = { history: true, replace, changes: true, erasure: true, serverMode: true };
    this.#session = session;
    this.#statements = statements;
    this.#migrations = migrations;
    this.#reads = statements;
    this.#loadRows = loadRowsBy(session, statements);
  }

  async load(tenantId: string, customerId: string, options: { readonly extensions: boolean }): Promise<Loaded> {
    const rows = await this.#loadRows(tenantId, customerId, options.extensions);
    const row = rows.find(([, id]) => id === customerId);
    const turn = row && turnBefore(row);
    if (turn) await turn;
    return { schemaVersion: schemaVersionOf(rows[0]), profile: row && profileOf(row) };
  }

  async commit(tenantId: string, changes: readonly Change[], options: CommitOptions): Promise<CommitResult> {
    if (changes.length === 0) return { outcome: 'committed', revisions: [] };
    const plan = new CommitPlan(this.#session, this.#statements, tenantId, changes, options);
    const result = await commitOrConflict(plan);
    if (result.outcome === 'revision_changed' || result.outcome === 'schema_changed') this.#readNewest();
    return result;
  }

  async replace(tenantId: string, change: ReplaceChange, options: CommitOptions): Promise<ReplaceResult> {
    if (this.#replace === undefined) return LOOK;
    const captured = captureReplacement(tenantId, change, options);
    return captured === undefined ? LOOK : this.#replace(captured);
  }

  async find(tenantId: string, { key, digest, unique }: IndexEntry, page: FindRequest): Promise<Found> {
    // Read before the first await: the caller may mutate the options.
    const { limit, extensions, documents = true } = page;
    const queries = unique ? this.#statements.findUnique : this.#statements.find;
    const withDocuments = extensions ? queries.withExtensions : queries.withoutExtensions;
    const values = { tenant: tenantId, key, digest, after: page.after ?? '', limit: limit + 1 };
    const rows = await this.#query(documents ? withDocuments : queries.withoutDocuments, values);
    const schemaVersion = schemaVersionOf(rows[0]);
    const { profiles, more } = await pageOf(rows);
    const sorted = profiles.toSorted((one, other) => (one.customerId < other.customerId ? -1 : 1));
    return { schemaVersion, profiles: sorted, more };
  }

  async page(tenantId: string, { after = '', limit }: PageRequest): Promise<ProfilePage> {
    return pageOf(await this.#query(this.#reads.page, { tenant: tenantId, after, limit: limit + 1 }));
  }

  async loadSchema(tenantId: string): Promise<{ readonly version: number; readonly schema: StoredSchema } | undefined> {
    const [row] = await this.#query(this.#reads.loadSchema, { tenant: tenantId });
    return row && schemaOf(row);
  }

  async commitSchema(tenantId: string, change: SchemaChange): Promise<SchemaCommitResult> {
    const commit = schemaCommit(this.#session, this.#statements, tenantId, change);
    const { newestReads } = this.#statements;
    // A snapshot lacks profiles written since, and backfilling a new key from it would miss them (R21).
    if (newestReads !== undefined && change.expectedVersion > 0 && this.#session.inHostTransaction) {
      await assertMet(this.#session, newestReads);
    }
    // For the same reason, backfilling keys and removing extensions must read the newest rows.
    this.#readNewest();
    return commitOrConflict(commit);
  }

  async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
    const values = { tenant: tenantId, key, limit };
    // A node may lag behind. Reads wait until it has caught up; writes do not.
    if (this.#statements.cluster !== undefined) await this.#query(this.#reads.loadSchema, values);
    return (await this.#session.execute({ statement: this.#statements.dropEntries, values })).affected;
  }

  async history(tenantId: string, customerId: string, { before, limit }: HistoryRequest): Promise<HistoryPage> {
    const values = { tenant: tenantId, id: customerId, before: before ?? Number.MAX_SAFE_INTEGER, limit: limit + 1 };
    const rows = await this.#query(this.#statements.history, values);
    return { schemaVersion: schemaVersionOf(rows[0]), ...(await statesOf(rows)) };
  }

  prune(tenantId: string, request: PruneRequest): Promise<PruneResult> {
    return prune(this.#session, this.#statements, tenantId, request);
  }

  changes(tenantId: string | undefined, request: ChangesRequest): Promise<ChangesPage> {
    return readLines(this.#session, this.#statements, tenantId, request);
  }

  pruneChanges(tenantId: string, request: PruneChangesRequest): Promise<number> {
    return pruneLines(this.#session, this.#statements, tenantId, request);
  }

  lineage(tenantId: string, customerId: string): Promise<Lineage | undefined> {
    return lineage(this.#session, this.#reads, tenantId, customerId);
  }

  async erase(tenantId: string, request: ErasureRequest): Promise<ErasureResult> {
    const result = await erase(this.#session, this.#statements, tenantId, request);
    if (result.outcome === 'changed') this.#readNewest();
    return result;
  }

  async loadServerMode(): Promise<ServerMode | undefined> {
    const [row] = await this.#query(this.#statements.loadServerMode, {});
    return row && (String(row[0]) as ServerMode);
  }

  async storeServerMode(mode: ServerMode): Promise<void> {
    await this.#session.execute({ statement: this.#statements.storeServerMode, values: { mode } });
  }

  async ping(): Promise<void> {
    const { ping, settings, cluster } = this.#statements;
    assertUsable(this.#migrations, await this.#query(ping, {}));
    await assertSettings(this.#session, settings);
    if (cluster !== undefined) await assertMet(this.#session, cluster.freshReads);
  }

  /**
   * Commits are checked against the newest rows. A host transaction that reads from a snapshot would decide by the same
   * old rows again and again.
   */
  #readNewest(): void {
    const { lockingReads } = this.#statements;
    if (lockingReads === undefined || !this.#session.inHostTransaction || this.#reads === lockingReads) return;
    this.#reads = lockingReads;
    this.#loadRows = loadRowsBy(this.#session, lockingReads);
  }

  async #query(statement: Statement, values: Values): Promise<readonly Row[]> {
    return (await this.#session.query({ statement, values })).rows;
  }
}

const LOOK = { outcome: 'look' } as const;

function replaceBy(session: Session, statements: Statements): Replace | undefined {
  const { replacing } = statements;
  if (replacing === undefined) return undefined;
  const replaceOne: Replace = (change) => replaceUnseen(session, statements, replacing, change);
  const together = togetherOn(session, statements);
  return together ? batchedReplacements(together, replaceOne) : replaceOne;
}

function loadRowsBy(session: Session, { load, loadMany }: RowReads): LoadRows {
  if (loadMany !== undefined) return batchedLoads(session, load, loadMany);
  return async (tenant, id, extensions) => {
    const statement = extensions ? load.withExtensions : load.withoutExtensions;
    return (await session.query({ statement, values: { tenant, id } })).rows;
  };
}
