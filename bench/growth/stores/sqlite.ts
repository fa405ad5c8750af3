import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex from 'knex';
import type { OpenStore } from './store.js';

/** A temporary file, in WAL mode with `synchronous = NORMAL`, as one would run it, and the cache that SQLite has by itself. */
export const openSqliteStore: OpenStore = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dossier-growth-'));
  const instance = knex({
    client: 'better-sqlite3',
    connection: { filename: join(folder, 'dossier.db') },
    useNullAsDefault: true,
    pool: {
      afterCreate(connection: Database, done: () => void) {
        connection.pragma('journal_mode = WAL');
        connection.pragma('synchronous = NORMAL');
        done();
      },
    },
  });
  await migrate(instance);
  const [{ version }] = await instance.raw('SELECT sqlite_version() AS version');
  return {
    repository: new KnexProfileRepository(instance),
    version: `SQLite ${version}`,
    async settle() {
      await instance.raw('PRAGMA wal_checkpoint(TRUNCATE)');
      await instance.raw('ANALYZE');
    },
    async sizes() {
      const rows = await instance.raw('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name');
      return new Map(rows.map(({ name, bytes }: { name: string; bytes: number }) => [name, bytes]));
    },
    async close() {
      await instance.destroy();
      await rm(folder, { recursive: true });
    },
  };
};
