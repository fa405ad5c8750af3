import { type Backfill, measureBackfill } from './backfill.js';
import { bytesPerState, type FormerStates, fillFormerStates } from './former-states.js';
import { heapAfterCollection } from './heap.js';
import { measureGrowth } from './measure.js';
import { historyOperations, OPERATIONS } from './operations.js';
import { type GrowthOptions, readOptions, USAGE } from './options.js';
import { writePlot } from './plot.js';
import { Population } from './population.js';
import { type GrowthResult, printBackfill, printFormerStates, printGrowth, writeGrowth } from './report.js';
import { STORES, type StoreName } from './stores/index.js';
import type { OpenStore, Store } from './stores/store.js';

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') console.log(USAGE);
  else await run(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function run(options: GrowthOptions): Promise<void> {
  const results: GrowthResult[] = [];
  for (const database of options.databases) {
    const growth = await measureDatabase(database, options);
    printGrowth(growth);
    const backfill = options.backfill > 0 ? await backfillKey(database, options.backfill) : undefined;
    if (backfill) printBackfill(backfill);
    const formerStates = options.states > 0 ? await measureFormerStates(database, options) : undefined;
    if (formerStates) printFormerStates(formerStates);
    results.push({ ...growth, backfill, formerStates });
  }
  console.log(`\nWritten to ${await writeGrowth(options, results)}`);
  if (options.plot !== undefined) await writePlot(options.plot, results);
}

/** Opens a database for each number of profiles, all at once. */
function measureDatabase(database: StoreName, options: GrowthOptions): Promise<GrowthResult> {
  return withStores(database, async (open) => {
    const populations: Population[] = [];
    const sizes: GrowthResult['sizes'][number][] = [];
    let version = '';
    for (const profiles of options.profiles) {
      const store = await open();
      version = store.version;
      populations.push(await populate(database, store, profiles, options.tenants));
      await store.settle();
      const bytes = Object.fromEntries(await store.sizes());
      sizes.push({ profiles, bytes, heap: heapAfterCollection() });
    }
    const latencies = await measureGrowth(OPERATIONS, populations, options);
    return { database, version, latencies, sizes, heap: heapAfterCollection() };
  });
}

function backfillKey(database: StoreName, profiles: number): Promise<Backfill> {
  return withStores(database, async (open) => {
    const store = await open();
    const population = await populate(database, store, profiles, 1);
    await store.settle();
    return measureBackfill(population, progress(`${database}: backfilling a key`, profiles));
  });
}

/** Opens a database for each number of profiles with former states, all at once. */
function measureFormerStates(database: StoreName, options: GrowthOptions): Promise<FormerStates> {
  const { states, tenants } = options;
  return withStores(database, async (open) => {
    const populations: Population[] = [];
    const sizes: FormerStates['sizes'][number][] = [];
    for (const profiles of options.historyProfiles) {
      const store = await open();
      populations.push(await populate(database, store, profiles, tenants));
      await fillFormerStates(store.knex, states, progress(`${database}: former states of each profile`, states));
      await store.settle();
      sizes.push({ profiles, bytes: bytesPerState(await store.sizes(), profiles * states) });
    }
    return { states, latencies: await measureGrowth(historyOperations(states), populations, options), sizes };
  });
}

/** Lends databases, and drops them in the end. */
async function withStores<Result>(database: StoreName, use: (open: OpenStore) => Promise<Result>): Promise<Result> {
  const stores: Store[] = [];
  try {
    return await use(async () => {
      const store = await STORES[database]();
      stores.push(store);
      return store;
    });
  } finally {
    for (const store of stores) await store.close();
  }
}

async function populate(database: StoreName, store: Store, profiles: number, tenants: number): Promise<Population> {
  const population = new Population(store.repository, tenants);
  await population.grow(profiles, progress(`${database}: loading`, profiles));
  return population;
}

/** Prints every tenth on the standard error. */
function progress(what: string, all: number): (done: number) => void {
  let printed = 0;
  return (done) => {
    const tenths = Math.floor((done / all) * 10);
    if (tenths === printed) return;
    printed = tenths;
    console.error(`${what} ${done} of ${all}`);
  };
}
