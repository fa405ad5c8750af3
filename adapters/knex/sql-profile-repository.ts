import { setTimeout } from 'node:timers/promises';
import {
  type Change,
  type CommitResult,
  type Found,
  type IndexEntry,
  type Loaded,
  type PageRequest,
  type ProfileRepository,
  type SchemaChange,
  type SchemaCommitResult,
  StorageUnavailableError,
  type StoredProfile,
  type StoredSchema,
} from 'dossier';
import { CommitPlan } from './commit/commit-plan.js';
import { CommitObstacles } from './commit/conflicts.js';
import { JoinedLoads } from './connections/batched-loads.js';
import { assertSettings } from './connections/requirements.js';
import type { Session } from './connections/session.js';
import type { Migration } from './migrations/migration.js';
import { assertUsable } from './migrations/migration-status.js';
import { profileOf, profilesOf, schemaVersionOf } from './sql/rows.js';
import type { Plan, Row, Statement, Step, Values } from './sql/statement.js';
import type { SchemaFence, Statements } from './sql/statements.js';
import { documentOf } from './sql/stored-document.js';

const MAX_ATTEMPTS = 20;

/** The port over any session: which statements an operation takes, and what their results mean. */
export class SqlProfileRepository implements ProfileRepository {
  readonly #session: Session;
  #statements: Statements;
  readonly #migrations: readonly Migration[];
  #loads: JoinedLoads;

  constructor(session: Session, statements: Statements, migrations: readonly Migration[]) {
    this.#session = session;
    this.#statements = statements;
    this.#migrations = migrations;
    this.#loads = new JoinedLoads(session, statements);
  }

  async load(tenantId: string, customerId: string, options: { readonly extensions: boolean }): Promise<Loaded> {
    const rows = await this.#loads.rows(tenantId, customerId, options.extensions);
    const row = rows.find(([, id]) => id === customerId);
    return { schemaVersion: schemaVersionOf(rows[0]), profile: row && profileOf(row) };
  }

  async commit(changes: readonly Change[]): Promise<CommitResult> {
    const [first] = changes;
    if (first === undefined) return { outcome: 'committed' };
    const plan = new CommitPlan(this.#session, this.#statements, first.tenantId, changes);
    const result = await decide(
      () => plan.carryOut(),
      () => plan.obstacle(),
    );
    if (result.outcome === 'revision_moved' || result.outcome === 'schema_moved') this.#readCurrent();
    return result;
  }

  async find(
    tenantId: string,
    { key, digest, unique }: IndexEntry,
    page: PageRequest & { readonly extensions: boolean },
  ): Promise<Found> {
    const { find, findWithExtensions, findUnique, findUniqueWithExtensions } = this.#statements;
    const values = { tenant: tenantId, key, digest, after: page.after ?? '', limit: page.limit };
    const [withExtensions, without] = unique ? [findUniqueWithExtensions, findUnique] : [findWithExtensions, find];
    const statement = page.extensions ? withExtensions : without;
    const { rows } = await this.#session.query({ statement, values });
    const profiles = profilesOf(rows);
    if (!unique) profiles.sort((one, other) => (one.customerId < other.customerId ? -1 : 1));
    return { schemaVersion: schemaVersionOf(rows[0]), profiles };
  }

  async page(tenantId: string, page: PageRequest): Promise<StoredProfile[]> {
    const values = { tenant: tenantId, after: page.after ?? '', limit: page.limit };
    return profilesOf(await this.#query(this.#statements.page, values));
  }

  async loadSchema(tenantId: string): Promise<{ readonly version: number; readonly schema: StoredSchema } | undefined> {
    const [row] = await this.#query(this.#statements.loadSchema, { tenant: tenantId });
    if (!row) return undefined;
    const [version, document] = row;
    return { version: Number(version), schema: documentOf(document) };
  }

  async commitSchema(change: SchemaChange): Promise<SchemaCommitResult> {
    const { tenantId: tenant, expectedVersion } = change;
    const values = { tenant, version: expectedVersion, document: JSON.stringify(change.schema) };
    if (expectedVersion > 0) await this.#assertCurrent();
    // Keys are filled, and extensions emptied, from profiles that others may have written a moment ago.
    this.#readCurrent();
    return decide(
      () => this.#carryOut(expectedVersion, values),
      async () => {
        const rows = await this.#query(this.#statements.obstacles, { tenant, ids: [], keys: [], digests: [] });
        const { schemaVersion } = new CommitObstacles(rows);
        return (schemaVersion ?? 0) === expectedVersion
          ? undefined
          : ({ outcome: 'schema_moved', schemaVersion } as const);
      },
    );
  }

  async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
    const values = { tenant: tenantId, key, limit };
    // Where a server may be behind, reading has it catch up; writing need not.
    if (this.#statements.staleness !== undefined) await this.#query(this.#statements.loadSchema, values);
    return (await this.#session.execute({ statement: this.#statements.dropEntries, values })).affected;
  }

  async ping(): Promise<void> {
    assertUsable(this.#migrations, await this.#query(this.#statements.ping, {}));
    const { settings, staleness } = this.#statements;
    await assertSettings(this.#session, settings);
    if (staleness === undefined || !holds(await this.#query(staleness, {}))) return;
    throw new StorageUnavailableError(
      'The nodes of Galera may answer what is no longer so. Set wsrep_sync_wait = 1 on every connection.',
    );
  }

  /**
   * A transaction of the host may read the state in which it found the database, and would decide by it again and again
   * what a commit refuses by what is there now.
   */
  #readCurrent(): void {
    const { current } = this.#statements;
    if (!this.#session.inHostTransaction || current === undefined) return;
    this.#statements = { ...this.#statements, ...current, current: undefined };
    this.#loads = new JoinedLoads(this.#session, this.#statements);
  }

  /** Profiles that were written since would be left out of a new key (R21). */
  async #assertCurrent(): Promise<void> {
    const { readsFormerState } = this.#statements;
    if (readsFormerState === undefined || !this.#session.inHostTransaction) return;
    if (!holds(await this.#query(readsFormerState, {}))) return;
    throw new StorageUnavailableError(
      'A schema cannot be changed in a transaction that reads a former state. Use the isolation level read committed.',
    );
  }

  /** Whether the schema was changed. A tenant's first schema has nothing to fence off: there are no profiles yet. */
  async #carryOut(expectedVersion: number, values: Values): Promise<boolean> {
    const { insertSchema, updateSchema, schemaFence } = this.#statements;
    const isFirst = expectedVersion === 0;
    if (!isFirst && schemaFence !== undefined && (await this.#isFenceNeeded(schemaFence))) {
      const announce = { statement: schemaFence.announce, values };
      const raise = { statement: schemaFence.raise, values: {} };
      return this.#session.atomically(() => fencedChange(announce, raise), undefined, raise);
    }
    const statement = isFirst ? insertSchema : updateSchema;
    return (await this.#session.execute({ statement, values })).affected === 1;
  }

  /** In the host's transaction the change takes place later, and nothing can be done about it. */
  async #isFenceNeeded({ isNeeded }: SchemaFence): Promise<boolean> {
    return !this.#session.inHostTransaction && holds(await this.#query(isNeeded, {}));
  }

  async #query(statement: Statement, values: Values): Promise<readonly Row[]> {
    return (await this.#session.query({ statement, values })).rows;
  }
}

function* fencedChange(announce: Step, raise: Step): Plan<boolean> {
  if ((yield announce).affected !== 1) return false;
  yield raise;
  return true;
}

/** What a statement of one value answered, 1 or 0. */
function holds([row]: readonly Row[]): boolean {
  return Number(row?.[0]) === 1;
}

/**
 * Carries out a conditional change and, only if it did not take effect, asks what stood in its way. That may be gone
 * again by then.
 */
async function decide<Obstacle>(
  carryOut: () => Promise<boolean>,
  findObstacle: () => Promise<Obstacle | undefined>,
): Promise<Obstacle | { readonly outcome: 'committed' }> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    if (await carryOut()) return { outcome: 'committed' };
    const obstacle = await findObstacle();
    if (obstacle !== undefined) return obstacle;
    await setTimeout(Math.random() * attempt * 2);
  }
  throw new StorageUnavailableError('Others kept changing the same data. Try again.');
}
