import { mkdir, writeFile } from 'node:fs/promises';
import { arch, availableParallelism, platform } from 'node:os';
import type { Filling } from './filling.js';
import type { Latency } from './measure.js';
import type { GrowthOptions } from './options.js';
import type { StoreName } from './stores/index.js';

/** What was measured on one database. */
export interface GrowthResult {
  readonly database: StoreName;
  readonly version: string;
  readonly latencies: readonly Latency[];
  /** After loading: the bytes of tables and indexes, and of the heap of the process. */
  readonly sizes: readonly {
    readonly profiles: number;
    readonly bytes: Readonly<Record<string, number>>;
    readonly heap: number;
  }[];
  /** Of the heap of the process, after everything was measured. */
  readonly heap: number;
  readonly filling?: Filling | undefined;
}

/** How often the middle latency is that with the fewest profiles. */
export function growthOf(latency: Latency, all: readonly Latency[]): number {
  const least = all.find(({ operation }) => operation === latency.operation);
  return latency.p50 / (least?.p50 ?? Number.NaN);
}

export function printGrowth({ version, latencies, sizes, heap }: GrowthResult): void {
  console.log(`\n${version}; times in ms`);
  console.log(row('operation', 'profiles', 'calls', 'p50', 'p99', 'p50 to first'));
  for (const one of latencies) {
    const { operation, profiles, calls, p50, p99 } = one;
    const growth = growthOf(one, latencies).toFixed(2);
    console.log(row(operation, profiles, calls, p50.toFixed(3), p99.toFixed(3), growth));
  }
  console.log(`\n${row('bytes per profile', ...sizes.map(({ profiles }) => profiles))}`);
  for (const name of Object.keys(sizes.at(-1)?.bytes ?? {})) {
    console.log(row(name, ...sizes.map(({ profiles, bytes }) => ((bytes[name] ?? 0) / profiles).toFixed(0))));
  }
  console.log(row('heap after loading', ...sizes.map((size) => megabytes(size.heap))));
  console.log(row('heap in the end', megabytes(heap)));
}

export function printFilling({ profiles, seconds, reports, before, meanwhile, heap, found }: Filling): void {
  const speed = (profiles / seconds).toFixed(0);
  console.log(
    `\nA key of ${profiles} profiles of one tenant was filled in ${seconds.toFixed(1)} s (${speed} a second);`,
  );
  console.log(`progress was told ${reports} times; at most ${megabytes(heap)} more of the heap were in use.`);
  for (const [when, { calls, p50, p99 }] of [['before', before] as const, ['meanwhile', meanwhile] as const]) {
    console.log(`Replacements ${when}: ${calls}, p50 ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms.`);
  }
  console.log(`Found by it: ${found[0]} of ${found[1]}.`);
}

/** Writes everything as JSON, and answers where it is. */
export async function writeGrowth(options: GrowthOptions, results: readonly GrowthResult[]): Promise<string> {
  const folder = new URL('../results/', import.meta.url);
  const at = new Date().toISOString();
  const file = new URL(`growth-${at.replaceAll(':', '')}.json`, folder);
  const machine = { node: process.version, platform: platform(), arch: arch(), cores: availableParallelism() };
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${JSON.stringify({ at, machine, options, results }, undefined, 2)}\n`);
  return file.pathname;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function row(first: string | number, ...others: readonly (string | number)[]): string {
  return [String(first).padEnd(34), ...others.map((cell) => String(cell).padStart(12))].join('');
}
