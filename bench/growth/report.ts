import { mkdir, writeFile } from 'node:fs/promises';
import { arch, availableParallelism, platform } from 'node:os';
import type { Backfill } from './backfill.js';
import type { FormerStates } from './former-states.js';
import type { Latency } from './measure.js';
import type { GrowthOptions } from './options.js';
import type { StoreName } from './stores/index.js';

/** The measurements on one database. */
export interface GrowthResult {
  readonly database: StoreName;
  readonly version: string;
  readonly latencies: readonly Latency[];
  /** After loading: the bytes of each table and index, and of the process's heap. */
  readonly sizes: readonly {
    readonly profiles: number;
    readonly bytes: Readonly<Record<string, number>>;
    readonly heap: number;
  }[];
  /** The bytes of the process's heap after all measurements. */
  readonly heap: number;
  readonly backfill?: Backfill | undefined;
  readonly formerStates?: FormerStates | undefined;
}

/** The p50 of a replacement with the most profiles, where all have former states, relative to that with the fewest. */
const MAX_REPLACE_GROWTH = 1.5;

/** The median latency, relative to that with the fewest profiles. */
export function growthOf(latency: Latency, all: readonly Latency[]): number {
  const least = all.find(({ operation }) => operation === latency.operation);
  return latency.p50 / (least?.p50 ?? Number.NaN);
}

export function printGrowth({ version, latencies, sizes, heap }: GrowthResult): void {
  console.log(`\n${version}; times in ms`);
  printLatencies(latencies);
  console.log(`\n${row('bytes per profile', ...sizes.map(({ profiles }) => profiles))}`);
  for (const name of Object.keys(sizes.at(-1)?.bytes ?? {})) {
    console.log(row(name, ...sizes.map(({ profiles, bytes }) => ((bytes[name] ?? 0) / profiles).toFixed(0))));
  }
  console.log(row('heap after loading', ...sizes.map((size) => megabytes(size.heap))));
  console.log(row('heap at the end', megabytes(heap)));
}

export function printBackfill({ profiles, seconds, reports, before, during, heap, found }: Backfill): void {
  const speed = (profiles / seconds).toFixed(0);
  console.log(
    `\nBackfilled a new key from ${profiles} profiles of one tenant in ${seconds.toFixed(1)} s (${speed} per second).`,
  );
  console.log(`Progress reports: ${reports}. Peak heap above the start: ${megabytes(heap)}.`);
  for (const [when, { calls, p50, p99 }] of [['before', before] as const, ['during', during] as const]) {
    console.log(`Replacements ${when} the backfill: ${calls}, p50 ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms.`);
  }
  console.log(`Found by the key: ${found[0]} of ${found[1]}.`);
}

export function printFormerStates({ states, latencies, sizes }: FormerStates): void {
  console.log(`\nFormer states of each profile: ${states}; times in ms; replace at most ${MAX_REPLACE_GROWTH} times`);
  printLatencies(latencies);
  console.log(`\n${row('bytes per former state', ...sizes.map(({ profiles }) => profiles))}`);
  for (const name of Object.keys(sizes.at(-1)?.bytes ?? {})) {
    console.log(row(name, ...sizes.map(({ bytes }) => (bytes[name] ?? 0).toFixed(0))));
  }
  const sums = sizes.map(({ bytes }) => Object.values(bytes).reduce((sum, one) => sum + one, 0));
  console.log(row('all', ...sums.map((sum) => sum.toFixed(0))));
}

/** Writes the results as JSON, and returns the path of the file. */
export async function writeGrowth(options: GrowthOptions, results: readonly GrowthResult[]): Promise<string> {
  const folder = new URL('../results/', import.meta.url);
  const at = new Date().toISOString();
  const file = new URL(`growth-${at.replaceAll(':', '')}.json`, folder);
  const machine = { node: process.version, platform: platform(), arch: arch(), cores: availableParallelism() };
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${JSON.stringify({ at, machine, options, results }, undefined, 2)}\n`);
  return file.pathname;
}

function printLatencies(latencies: readonly Latency[]): void {
  console.log(row('operation', 'profiles', 'calls', 'p50', 'p99', 'relative p50'));
  for (const one of latencies) {
    const { operation, profiles, calls, p50, p99 } = one;
    const growth = growthOf(one, latencies).toFixed(2);
    console.log(row(operation, profiles, calls, p50.toFixed(3), p99.toFixed(3), growth));
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function row(first: string | number, ...others: readonly (string | number)[]): string {
  return [String(first).padEnd(43), ...others.map((cell) => String(cell).padStart(13))].join('');
}
