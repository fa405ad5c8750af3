import { readFile, writeFile } from 'node:fs/promises';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { createDatabase, servers } from '../../databases/database-server.js';
import { writeProfiles } from './released-profiles.js';
import { type Client, type Database, dump, dumpOf } from './sql-dump.js';
import { memoryStore, type SqliteStore } from './sqlite-store.js';

/**
 * Writes what this version stores to a fixture that later versions must read. Run it once before a release, with both
 * servers running. Never rewrite the fixture of a released version. Arguments name the databases; by default all.
 */
const { version } = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8'));

const named = process.argv.slice(2);
const isWanted = (database: Database) => named.length === 0 || named.includes(database);

if (isWanted('SQLite')) await write('SQLite', 'better-sqlite3', memoryStore());
for (const server of servers) {
  if (!isWanted(server.name)) continue;
  await server.start?.();
  await write(server.name, server.client, await createDatabase(server));
}

async function write(database: Database, client: Client, store: Pick<SqliteStore, 'open' | 'dispose'>): Promise<void> {
  try {
    const knex = store.open();
    await migrate(knex);
    await writeProfiles(new KnexProfileRepository(knex));
    await writeFile(dumpOf(database, version), await dump(client, knex));
  } finally {
    await store.dispose();
  }
}
