import type { ProfileRepository } from 'dossier';
import { describeProfileRepository, type RepositoryHarness } from 'dossier/conformance';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { createDatabase, type DatabaseServer, describeOnEachServer, type TestDatabase } from '../database-server.js';
import { atIsolation } from './connection-settings.js';

const runner = { describe, it, beforeEach, afterEach };

describeOnEachServer('KnexProfileRepository', (server) => {
  for (const [title, definition] of Object.entries(server.variations)) {
    describeProfileRepository({
      name: `a database with ${title}`,
      runner,
      createHarness: () => createHarness(server, definition),
      capabilities: { anotherConnection: true, hostTransactions: true },
    });
  }
  describeProfileRepository({
    name: `connections at ${server.otherIsolation}`,
    runner,
    createHarness: () => createHarness(server, '', atIsolation(server.otherIsolation)),
    // In a transaction of the host that sees one instant, others' changes are faults: that is what the level is for.
    capabilities: { anotherConnection: true },
  });
});

async function createHarness(
  server: DatabaseServer,
  definition: string,
  options?: Knex.Config,
): Promise<RepositoryHarness> {
  const database = await createDatabase(server, definition);
  const knex = database.open(options);
  await migrate(knex);
  return {
    repository: new KnexProfileRepository(knex),
    another: async () => new KnexProfileRepository(database.open(options)),
    ...(options === undefined && { transaction: (work) => inTransaction(database, work) }),
    dispose: () => database.dispose(),
  };
}

/** With one connection alone, a statement that strays outside the transaction waits for ever. */
async function inTransaction(
  database: TestDatabase,
  work: (bound: ProfileRepository) => Promise<'commit' | 'rollback'>,
): Promise<void> {
  const knex = database.open({ pool: { min: 0, max: 1 }, acquireConnectionTimeout: 5000 });
  const transaction = await knex.transaction();
  const end = await work(new KnexProfileRepository(knex).withTransaction(transaction));
  await transaction[end]();
}
