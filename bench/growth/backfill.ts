import { setImmediate, setTimeout } from 'node:timers/promises';
import { customerOf } from '../customers.js';
import { quantile } from '../statistics.js';
import { heapAfterCollection } from './heap.js';
import { OPERATIONS } from './operations.js';
import type { Population } from './population.js';

/** The measurements while the index of a new key was backfilled. */
export interface Backfill {
  readonly profiles: number;
  readonly seconds: number;
  /** How often progress was reported. */
  readonly reports: number;
  /** Replacements by one caller, before and during the backfill; latencies in milliseconds. */
  readonly before: Replacements;
  readonly during: Replacements;
  /** The peak of the heap during the backfill, above its size before, in bytes. */
  readonly heap: number;
  /** How many profiles of a sample the new key finds, and the size of the sample. */
  readonly found: readonly [number, number];
}

interface Replacements {
  readonly calls: number;
  readonly p50: number;
  readonly p99: number;
}

const KEY = { name: 'ByPoints', attributes: ['LastName', 'LoyaltyPoints'] };
const SAMPLE = 1_000;

/** Backfills a new key from all profiles of the only tenant, while one caller keeps replacing them. */
export async function measureBackfill(
  population: Population,
  onProgress: (profiles: number) => void,
): Promise<Backfill> {
  const before = await replaceUntil(population, setTimeout(3_000));
  const heapBefore = heapAfterCollection();
  let [heap, reports] = [0, 0];
  const begin = performance.now();
  const backfilling = population.schemas.addKey('1', KEY, {
    onProgress(profiles) {
      reports += 1;
      if (reports % 100 === 0) heap = Math.max(heap, heapAfterCollection() - heapBefore);
      onProgress(profiles);
    },
  });
  const during = await replaceUntil(population, backfilling);
  await backfilling;
  const seconds = (performance.now() - begin) / 1_000;
  const found = [await findSample(population), SAMPLE] as const;
  return { profiles: population.size, seconds, reports, before, during, heap, found };
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
    // SQLite answers synchronously; yield to the event loop, which the backfill needs.
    await setImmediate();
  }
  return { calls: times.length, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** Counts the profiles of a sample that the key finds by their current values. */
async function findSample(population: Population): Promise<number> {
  let found = 0;
  for (let sample = 0; sample < SAMPLE; sample++) {
    const { customerId } = customerOf(population.randomNumber(), 0);
    const { attributes } = await population.profiles.get('1', customerId);
    const { LastName, LoyaltyPoints } = attributes;
    const { items } = await population.profiles.identify('1', { key: KEY.name, values: { LastName, LoyaltyPoints } });
    if (items.some((profile) => profile.customerId === customerId)) found += 1;
  }
  return found;
}
