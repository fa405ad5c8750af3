import { mkdir, writeFile } from 'node:fs/promises';
import { arch, availableParallelism, platform } from 'node:os';
import type { DatabaseName } from './databases/index.js';
import type { Measurement, SideResult } from './measure.js';
import type { History, Options } from './options.js';
import { P50_ACROSS_NETWORK, targetOf } from './targets.js';

/** The measurements on one database. */
export interface DatabaseResult {
  readonly database: DatabaseName;
  readonly version: string;
  readonly history: History;
  readonly measurements: readonly Measurement[];
}

const RESULTS = new URL('./results/', import.meta.url);
const HEADINGS = [
  'operation',
  'callers',
  'bare/s',
  'p50',
  'p99',
  'Dossier/s',
  'p50',
  'p99',
  'by p50',
  'ratio',
  'target',
];

export function heading({ database, version, history }: Omit<DatabaseResult, 'measurements'>, delayMs: number): string {
  const memory = database === 'memory' ? 'bare: one JSON round trip of the profile; ' : '';
  const network = delayMs > 0 ? `each message delayed by ${delayMs} ms in each direction; ` : '';
  const note = memory + network;
  return `\n${database} (${version}); history: ${history}; ${note}times in ms\n${line(HEADINGS)}`;
}

export function row(database: DatabaseName, measurement: Measurement, delayMs: number): string {
  const { operation, concurrency, bare, dossier, ratio, ratioOfP50 } = measurement;
  return line([
    operation,
    String(concurrency),
    ...cells(bare),
    ...cells(dossier),
    // With several callers, a synchronous side serves them one by one, and its latencies are those of one caller.
    concurrency === 1 ? ratioOfP50.toFixed(2) : '',
    ratio.toFixed(2),
    delayMs > 0 ? verdictAcrossNetwork(measurement) : verdict(database, measurement),
  ]);
}

function verdict(database: DatabaseName, measurement: Measurement): string {
  const target = targetOf(database, measurement);
  return target === undefined ? '' : `${target.toFixed(2)} ${met(measurement.ratio >= target)}`;
}

function verdictAcrossNetwork({ operation, concurrency, bare, dossier }: Measurement): string {
  const target = concurrency === 1 ? P50_ACROSS_NETWORK[operation] : undefined;
  const times = dossier.p50 / bare.p50;
  return target === undefined ? '' : `p50 ${times.toFixed(2)} times, at most ${target} ${met(times <= target)}`;
}

function met(isMet: boolean): string {
  return isMet ? 'met' : 'missed';
}

/** Writes the results as JSON, and returns the path of the file. */
export async function writeResults(options: Options, results: readonly DatabaseResult[]): Promise<string> {
  const at = new Date().toISOString();
  const file = new URL(`${at.replaceAll(':', '')}.json`, RESULTS);
  const machine = { node: process.version, platform: platform(), arch: arch(), cores: availableParallelism() };
  await mkdir(RESULTS, { recursive: true });
  await writeFile(file, `${JSON.stringify({ at, machine, options, results }, undefined, 2)}\n`);
  return file.pathname;
}

function cells({ perSecond, p50, p99 }: SideResult): string[] {
  return [perSecond.toFixed(0), p50.toFixed(3), p99.toFixed(3)];
}

function line([first = '', ...others]: readonly string[]): string {
  return [first.padEnd(18), ...others.map((cell) => cell.padStart(10))].join(' ');
}
