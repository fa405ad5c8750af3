import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex from 'knex';
import { BareSqlite } from '../bare/sqlite.js';
import { Dossier } from '../dossier.js';
import type { OpenArena } from './arena.js';

/** Each side has a file of its own, in WAL mode. */
export const openSqlite: OpenArena = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dossier-bench-'));
  const database = new Database(join(folder, 'bare.db'));
  configure(database);
  const instance = knex({
    client: 'better-sqlite3',
    connection: { filename: join(folder, 'dossier.db') },
    useNullAsDefault: true,
    pool: {
      afterCreate(connection: Database, done: () => void) {
        configure(connection);
        done();
      },
    },
  });
  await migrate(instance);
  const { version } = database.prepare('SELECT sqlite_version() AS version').get() as { version: string };
  return {
    bare: new BareSqlite(database),
    dossier: new Dossier(new KnexProfileRepository(instance)),
    version: `SQLite ${version}`,
    async close() {
      database.close();
      await instance.destroy();
      await rm(folder, { recursive: true });
    },
  };
};

/** Waiting for the disk at each commit would make both sides equally slow, and hide what Dossier costs. */
function configure(database: Database): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = NORMAL');
}
