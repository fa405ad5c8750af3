import { migrate } from 'dossier/knex';
import knex, { type Knex } from 'knex';
import { createDatabase, type DatabaseServer, type TestDatabase } from '../database-server.js';

const TABLES = [
  ...['profiles', 'profile_keys', 'profile_schemas'],
  ...['profile_history', 'pending_changes', 'profile_changes', 'change_counters'],
  ...['profile_erasures', 'server_mode'],
];

/** The store of one test: tables with a prefix of their own. */
export interface EmptyStore {
  readonly tablePrefix: string;
  /** A host's Knex instance on it, closed by {@link release}. */
  open(options?: Knex.Config): Knex;
  /** Closes all instances, and empties the tables for the next test. */
  release(): Promise<void>;
}

/**
 * Stores in one database, emptied and reused: creating tables, let alone databases, takes longer than most tests.
 */
export class StorePool {
  readonly #server: DatabaseServer;
  readonly #definition: string;
  readonly #free: string[] = [];
  #database: Promise<TestDatabase> | undefined;
  #count = 0;

  constructor(server: DatabaseServer, definition: string) {
    this.#server = server;
    this.#definition = definition;
  }

  async acquire(): Promise<EmptyStore> {
    this.#database ??= createDatabase(this.#server, this.#definition);
    const { url } = await this.#database;
    const instances: Knex[] = [];
    const open = (options: Knex.Config = {}) => {
      const instance = knex({ client: this.#server.client, connection: url, pool: { min: 0, max: 10 }, ...options });
      instances.push(instance);
      return instance;
    };
    const tablePrefix = this.#free.pop() ?? (await this.#create(open()));
    const release = async () => {
      await Promise.all(instances.splice(0).map((instance) => instance.destroy()));
      const cleaner = open();
      for (const table of TABLES) await cleaner(tablePrefix + table).delete();
      await cleaner.destroy();
      this.#free.push(tablePrefix);
    };
    return { tablePrefix, open, release };
  }

  async dispose(): Promise<void> {
    await (await this.#database)?.dispose();
  }

  async #create(instance: Knex): Promise<string> {
    const tablePrefix = `store${this.#count++}_`;
    await migrate(instance, { tablePrefix });
    return tablePrefix;
  }
}
