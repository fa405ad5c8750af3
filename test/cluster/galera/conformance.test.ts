import { describeProfileRepository, type RepositoryHarness } from 'dossier/conformance';
import { KnexProfileRepository } from 'dossier/knex';
import type { ProfileRepository } from 'dossier/storage';
import { KNEX_CAPABILITIES } from '../../adapters/knex/pooled-harness.js';
import { startOrSkip } from '../cluster-script.js';
import { GaleraDatabase, galeraCluster } from './galera-cluster.js';
import { SpreadRepository } from './spread-repository.js';

const free: GaleraDatabase[] = [];

describe('KnexProfileRepository on Galera, each call on another node', () => {
  before('start the Galera cluster', function () {
    return startOrSkip(this, galeraCluster);
  });
  after(async () => {
    for (const database of free.splice(0)) await database.dispose();
  });

  describeProfileRepository({
    name: 'a cluster of three nodes',
    runner: { describe, it, beforeEach, afterEach },
    createHarness,
    capabilities: { ...KNEX_CAPABILITIES, anotherConnection: true, hostTransactions: true },
  });
});

async function createHarness(): Promise<RepositoryHarness> {
  const database = free.pop() ?? (await GaleraDatabase.create());
  return {
    repository: new SpreadRepository(database.repositories()),
    another: async () => new SpreadRepository(database.repositories()),
    transaction: (work) => inTransaction(database, work),
    async dispose() {
      await database.empty();
      free.push(database);
    },
  };
}

async function inTransaction(
  database: GaleraDatabase,
  work: (bound: ProfileRepository) => Promise<'commit' | 'rollback'>,
): Promise<void> {
  const knex = database.open(1);
  const transaction = await knex.transaction();
  const end = await work(new KnexProfileRepository(knex).withTransaction(transaction));
  await transaction[end]();
}
