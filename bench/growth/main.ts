import { type Backfill, measureBackfill } from './backfill.js';
import { heapAfterCollection } from './heap.js';
import { measureGrowth } from './measure.js';
import { type GrowthOptions, readOptions, USAGE } from './options.js';
import { writePlot } from './plot.js';
import { Population } from './population.js';
import { type GrowthResult, printBackfill, printGrowth, writeGrowth } from './report.js';
import { STORES, type StoreName } from './stores/index.js';
import type { Store } from './stores/store.js';

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
    results.push({ ...growth, backfill });
  }
  console.log(`\nWritten to ${await writeGrowth(options, results)}`);
  if (options.plot !== undefined) await writePlot(options.plot, results);
}

/** Opens a database for each number of profiles, all at once. */
async function measureDatabase(database: StoreName, options: GrowthOptions): Promise<GrowthResult> {
  const stores: Store[] = [];
  try {
    const populations: Population[] = [];
    const sizes: GrowthResult['sizes'][number][] = [];
    for (const profiles of options.profiles) {
      const store = await STORES[database]();
      stores.push(store);
      const population = await populate(database, store, profiles, options.tenants);
      populations.push(population);
      const bytes = Object.fromEntries(await store.sizes());
      sizes.push({ profiles, bytes, heap: heapAfterCollection() });
    }
    const latencies = await measureGrowth(populations, options);
    return { database, version: stores[0]?.version ?? '', latencies, sizes, heap: heapAfterCollection() };
  } finally {
    for (const store of stores) await store.close();
  }
}

async function backfillKey(database: StoreName, profiles: number): Promise<Backfill> {
  const store = await STORES[database]();
  try {
    const population = await populate(database, store, profiles, 1);
    return await measureBackfill(population, progress(`${database}: backfilling a key`, profiles));
  } finally {
    await store.close();
  }
}

async function populate(database: StoreName, store: Store, profiles: number, tenants: number): Promise<Population> {
  const population = new Population(store.repository, tenants);
  await population.grow(profiles, progress(`${database}: loading`, profiles));
  await store.settle();
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
