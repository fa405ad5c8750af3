import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { openSqliteFile } from '../../databases/sqlite-file.js';
import type { OpenStore } from './store.js';

/** A temporary file in WAL mode with `synchronous = NORMAL` and SQLite's default cache size. */
export const openSqliteStore: OpenStore = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dossier-growth-'));
  const instance = openSqliteFile(join(folder, 'dossier.db'));
  await migrate(instance);
  const [{ version }] = await instance.raw('SELECT sqlite_version() AS version');
  return {
    knex: instance,
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
