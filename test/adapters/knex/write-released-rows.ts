import { readFile, writeFile } from 'node:fs/promises';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { createDatabase, servers } from '../../databases/database-server.js';
import { writeProfiles } from './released-profiles.js';
import { type Client, dump, dumpOf } from './sql-dump.js';
import { memoryStore, type SqliteStore } from './sqlite-store.js';

/**
 * Writes what this version stores to a fixture that later versions must read. Run it once before a release, with both
 * servers running. Never rewrite the fixture of a released version.
 */
const { version } = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8'));

await write('better-sqlite3', memoryStore());
for (const server of servers) await write(server.client, await createDatabase(server));

async function write(client: Client, store: Pick<SqliteStore, 'open' | 'dispose'>): Promise<void> {
  try {
    const knex = store.open();
    await migrate(knex);
    await writeProfiles(new KnexProfileRepository(knex));
    await writeFile(dumpOf(client, version), await dump(client, knex));
  } finally {
    await store.dispose();
  }
}
