import { quantile } from '../statistics.js';
import type { Operations } from './operations.js';
import type { Population } from './population.js';

/** The latencies of an operation at one number of profiles, in milliseconds. */
export interface Latency {
  readonly operation: string;
  readonly profiles: number;
  readonly calls: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * Alternates between the populations in short rounds, so that noise of the machine affects all of them. One caller; the
 * first round warms up and is not counted.
 */
export async function measureGrowth(
  operations: Operations,
  populations: readonly Population[],
  { rounds, roundMs }: { readonly rounds: number; readonly roundMs: number },
): Promise<Latency[]> {
  const latencies: Latency[] = [];
  for (const [operation, call] of Object.entries(operations)) {
    const samples = populations.map((): number[] => []);
    for (let round = 0; round <= rounds; round++) {
      for (const [index, population] of populations.entries()) {
        const measured = await timesOf(() => call(population), roundMs);
        if (round > 0) samples[index]?.push(...measured);
      }
    }
    for (const [index, { size: profiles }] of populations.entries()) {
      const times = samples[index] ?? [];
      const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
      latencies.push({ operation, profiles, calls: times.length, p50, p99 });
    }
  }
  return latencies;
}

async function timesOf(call: () => Promise<unknown>, durationMs: number): Promise<number[]> {
  const times: number[] = [];
  const until = performance.now() + durationMs;
  for (let begin = performance.now(); begin < until; ) {
    await call();
    const end = performance.now();
    times.push(end - begin);
    begin = end;
  }
  return times;
}
