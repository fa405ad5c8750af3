import type { ProfileRepository } from 'dossier';
import { describeProfileRepository, type RepositoryHarness } from 'dossier/conformance';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { createDatabase, type DatabaseServer, describeOnEachServer, type TestDatabase } from '../database-server.js';

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

/** Options for connections at an isolation level. */
function atIsolation(level: string): Knex.Config {
  const statement = `SET SESSION ${level}`;
  const afterCreate = (connection: Connection, done: (error: unknown, connection: Connection) => void) =>
    connection.query(statement, (error) => done(error, connection));
  return { pool: { min: 0, max: 10, afterCreate } };
}

interface Connection {
  query(sql: string, done: (error: unknown) => void): void;
}

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
