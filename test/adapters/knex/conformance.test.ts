import { describeProfileRepository } from 'dossier/conformance';
import { createPooledHarness, KNEX_CAPABILITIES } from './pooled-harness.js';
import { fileStore, memoryStore } from './sqlite-store.js';
import { StorePool } from './store-pool.js';

const runner = { describe, it, beforeEach, afterEach };

const CAPABILITIES = { ...KNEX_CAPABILITIES, hostTransactions: true };

const createHarness = (stores: StorePool) => createPooledHarness(stores, { ofHost: (_, own) => own });

const inMemory = new StorePool(async () => memoryStore());

describeProfileRepository({
  name: 'KnexProfileRepository on SQLite in memory',
  runner,
  createHarness: async () => {
    // What is in memory is gone with its one connection.
    const { another, reopen, ...harness } = await createHarness(inMemory);
    return harness;
  },
  capabilities: { ...CAPABILITIES, anotherConnection: false },
});

const inFiles = new StorePool(fileStore);

describeProfileRepository({
  name: 'KnexProfileRepository on an SQLite file',
  runner,
  createHarness: () => createHarness(inFiles),
  capabilities: { ...CAPABILITIES, anotherConnection: true },
});

after(async () => {
  await inMemory.dispose();
  await inFiles.dispose();
});
