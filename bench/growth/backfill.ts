import { setImmediate, setTimeout } from 'node:timers/promises';
import { customerOf } from '../customers.js';
import { quantile } from '../statistics.js';
import { heapAfterCollection } from './memory.js';
import { OPERATIONS } from './operations.js';
import type { Population } from './population.js';

/** What the filling of a new key came to. */
export interface Filling {
  readonly profiles: number;
  readonly seconds: number;
  /** How often progress was told. */
  readonly reports: number;
  /** The latencies of replacements by one caller, before and meanwhile, in milliseconds. */
  readonly before: Replacements;
  readonly meanwhile: Replacements;
  /** The most of the heap that was in use meanwhile, beyond what was in use before, in bytes. */
  readonly heap: number;
  /** How many profiles of a sample were found by the new key, out of how many. */
  readonly found: readonly [number, number];
}

interface Replacements {
  readonly calls: number;
  readonly p50: number;
  readonly p99: number;
}

const KEY = { name: 'ByPoints', attributes: ['LastName', 'LoyaltyPoints'] };
const SAMPLE = 1_000;

/** Fills a new key from all profiles of the only tenant, while one caller goes on replacing them. */
export async function measureFilling(population: Population, onProgress: (profiles: number) => void): Promise<Filling> {
  const before = await replaceUntil(population, setTimeout(3_000));
  const heapBefore = heapAfterCollection();
  let [heap, reports] = [0, 0];
  const begin = performance.now();
  const filling = population.schemas.addKey('1', KEY, {
    onProgress(profiles) {
      reports += 1;
      if (reports % 100 === 0) heap = Math.max(heap, heapAfterCollection() - heapBefore);
      onProgress(profiles);
    },
  });
  const meanwhile = await replaceUntil(population, filling);
  await filling;
  const seconds = (performance.now() - begin) / 1_000;
  const found = [await findSample(population), SAMPLE] as const;
  return { profiles: population.size, seconds, reports, before, meanwhile, heap, found };
}

async function replaceUntil(population: Population, end: Promise<unknown>): Promise<Replacements> {
  let ended = false;
  const stop = () => {
    ended = true;
  };
  end.then(stop, stop);
  const times: number[] = [];
  while (!ended) {
    const begin = performance.now();
    await OPERATIONS.replace?.(population);
    times.push(performance.now() - begin);
    // SQLite answers without a turn of the event loop, which the others need.
    await setImmediate();
  }
  return { calls: times.length, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** How many are found by what they are now. */
async function findSample(population: Population): Promise<number> {
  let found = 0;
  for (let sample = 0; sample < SAMPLE; sample++) {
    const { customerId } = customerOf(population.any(), 0);
    const { attributes } = await population.profiles.get('1', customerId);
    const { LastName, LoyaltyPoints } = attributes;
    const { items } = await population.profiles.identify('1', { key: KEY.name, values: { LastName, LoyaltyPoints } });
    if (items.some((profile) => profile.customerId === customerId)) found += 1;
  }
  return found;
}
