import { migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { LentInstances } from './lent-instances.js';

const TABLES = [
  ...['profiles', 'profile_keys', 'profile_schemas'],
  ...['profile_history', 'pending_changes', 'profile_changes', 'change_counters'],
  ...['profile_erasures', 'server_mode'],
];

/** A database of tests. */
interface PoolDatabase {
  open(options?: Knex.Config): Knex;
  dispose(): Promise<void>;
}

interface Store {
  readonly tablePrefix: string;
  readonly instances: LentInstances;
}

/** The store of one test: tables with a prefix of their own. */
export interface EmptyStore {
  readonly tablePrefix: string;
  /** A host's Knex instance on it, which no other caller has until {@link release}. */
  open(options?: Knex.Config): Knex;
  /** Empties the tables for the next test, which gets the instances that are still open. */
  release(): Promise<void>;
}

/**
 * Stores in one database, emptied and reused with their connections: creating tables, let alone databases, takes longer than
 * most tests, and so does connecting.
 */
export class StorePool {
  readonly #createDatabase: () => Promise<PoolDatabase>;
  readonly #free: Store[] = [];
  #database: Promise<PoolDatabase> | undefined;
  #count = 0;

  /** @param createDatabase creates the database, when the first test needs a store */
  constructor(createDatabase: () => Promise<PoolDatabase>) {
    this.#createDatabase = createDatabase;
  }

  async acquire(): Promise<EmptyStore> {
    this.#database ??= this.#createDatabase();
    const { open: openOn } = await this.#database;
    const { tablePrefix, instances } = this.#free.pop() ?? (await this.#create(new LentInstances(openOn)));
    const release = async () => {
      instances.takeBack();
      // What is in memory is gone with its connection.
      if (instances.free === 0) return;
      await emptyTables(instances.open(), tablePrefix);
      instances.takeBack();
      this.#free.push({ tablePrefix, instances });
    };
    return { tablePrefix, open: (options) => instances.open(options), release };
  }

  async dispose(): Promise<void> {
    await (await this.#database)?.dispose();
  }

  async #create(instances: LentInstances): Promise<Store> {
    const tablePrefix = `store${this.#count++}_`;
    await migrate(instances.open(), { tablePrefix });
    instances.takeBack();
    return { tablePrefix, instances };
  }
}

/** Deletes all rows of all tables. */
export async function emptyTables(knex: Knex, tablePrefix: string): Promise<void> {
  await knex.transaction(async (transaction) => {
    for (const table of TABLES) await transaction(tablePrefix + table).delete();
  });
}
