import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { BareSqlite } from '../bare/sqlite.js';
import { Dossier } from '../dossier.js';
import type { OpenBenchDatabase } from './bench-database.js';
import { configure, openSqliteFile } from './sqlite-file.js';

/** One file for each side, in WAL mode. */
export const openSqlite: OpenBenchDatabase = async (_connections, settings) => {
  const folder = await mkdtemp(join(tmpdir(), 'dossier-bench-'));
  const database = new Database(join(folder, 'bare.db'));
  configure(database);
  const instance = openSqliteFile(join(folder, 'dossier.db'));
  await migrate(instance);
  const { version } = database.prepare('SELECT sqlite_version() AS version').get() as { version: string };
  return {
    bare: new BareSqlite(database, settings),
    dossier: new Dossier(new KnexProfileRepository(instance), settings),
    version: `SQLite ${version}`,
    async close() {
      database.close();
      await instance.destroy();
      await rm(folder, { recursive: true });
    },
  };
};
