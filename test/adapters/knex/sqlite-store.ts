import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knex, { type Knex } from 'knex';

/** An SQLite database of one test, with the Knex instances that a host would have. */
export interface SqliteStore {
  /** Another instance on the same database. */
  open(): Knex;
  dispose(): Promise<void>;
}

/** A database in memory, visible to one instance only. */
export function memoryStore(): SqliteStore {
  return storeOf(':memory:', async () => {});
}

/** A database file in a temporary folder, in WAL mode. */
export async function fileStore(): Promise<SqliteStore & { readonly filename: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'dossier-'));
  const filename = join(folder, 'profiles.db');
  return { ...storeOf(filename, () => rm(folder, { recursive: true })), filename };
}

/** A host's Knex instance on a file. */
export function openSqlite(filename: string): Knex {
  return knex({
    client: 'better-sqlite3',
    connection: { filename },
    useNullAsDefault: true,
    pool: {
      // biome-ignore lint/suspicious/noExplicitAny: a connection of the driver, as Knex declares it
      afterCreate: (connection: any, done: (error: Error | null) => void) => {
        connection.pragma('journal_mode = WAL');
        connection.pragma('synchronous = NORMAL');
        done(null);
      },
    },
  });
}

function storeOf(filename: string, remove: () => Promise<void>): SqliteStore {
  const instances: Knex[] = [];
  return {
    open() {
      const instance = openSqlite(filename);
      instances.push(instance);
      return instance;
    },
    async dispose() {
      for (const instance of instances) await instance.destroy();
      await remove();
    },
  };
}
