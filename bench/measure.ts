import type { Contender } from './contender.js';
import type { BenchDatabase } from './databases/bench-database.js';
import type { Operation } from './operations.js';
import { median, quantile } from './statistics.js';
import { batchesOf, prepareWork, type SingleOperation, type Work } from './workload.js';

/** Uncounted rounds of each side at the start, until the code is compiled: Dossier has more of it than a driver. */
const WARM_UP_ROUNDS = 24;

/** The rounds of one side, summarised. */
export interface SideResult {
  /** Operations per second in the median round; for a bulk load, customers. */
  readonly perSecond: number;
  /** Latency over all rounds, in milliseconds; for a bulk load, of a batch. */
  readonly p50: number;
  readonly p99: number;
}

export interface Measurement {
  readonly operation: Operation;
  readonly concurrency: number;
  readonly bare: SideResult;
  readonly dossier: SideResult;
  /** Throughput of Dossier divided by that of the bare driver; the median over the pairs of rounds. */
  readonly ratio: number;
  /** The ratio of the median latencies, which a busy machine disturbs less. */
  readonly ratioOfP50: number;
}

/** One round of one side. */
interface Round {
  readonly perSecond: number;
  readonly latencies: readonly number[];
}

/** Measures one operation on both sides. */
export async function measureOperation(
  database: BenchDatabase,
  operation: SingleOperation,
  concurrency: number,
  options: { readonly tenant: string; readonly customers: number; readonly rounds: number; readonly roundMs: number },
): Promise<Measurement> {
  const prepare = (side: Contender) => prepareWork(operation, side, { ...options, concurrency });
  const bare = await prepare(database.bare);
  const dossier = await prepare(database.dossier);
  for (const work of [bare, dossier]) await runRound(work, concurrency, WARM_UP_ROUNDS * options.roundMs);
  const run = (work: Work) => () => runRound(work, concurrency, options.roundMs);
  return compare(operation, concurrency, options.rounds, run(bare), run(dossier));
}

/** Measures bulk loads by one caller, each into a new tenant. The first load of each side is not counted. */
export async function measureBulkLoad(
  database: BenchDatabase,
  options: { readonly tenant: string; readonly rows: number; readonly loads: number },
): Promise<Measurement> {
  const batches = batchesOf(options.rows);
  let loads = 0;
  const run = (side: Contender) => async () => {
    const tenant = `${options.tenant}-${loads++}`;
    await side.begin(tenant);
    return runInOrder(
      batches.map((batch) => () => side.load(tenant, batch)),
      options.rows,
    );
  };
  const [bare, dossier] = [run(database.bare), run(database.dossier)];
  await bare();
  await dossier();
  return compare('bulk load', 1, options.loads, bare, dossier);
}

/**
 * Alternates the sides in short rounds, so that noise of the machine affects both. The side that goes first changes each
 * time.
 */
async function compare(
  operation: Operation,
  concurrency: number,
  rounds: number,
  runBare: () => Promise<Round>,
  runDossier: () => Promise<Round>,
): Promise<Measurement> {
  const bare: Round[] = [];
  const dossier: Round[] = [];
  const runs = [async () => bare.push(await runBare()), async () => dossier.push(await runDossier())];
  for (let round = 0; round < rounds; round++) {
    for (const run of runs) await run();
    runs.reverse();
  }
  const ratios = bare.map((round, index) => (dossier[index]?.perSecond ?? Number.NaN) / round.perSecond);
  const sides = { bare: sideResult(bare), dossier: sideResult(dossier) };
  const ratioOfP50 = sides.bare.p50 / sides.dossier.p50;
  return { operation, concurrency, ...sides, ratio: median(ratios), ratioOfP50 };
}

function sideResult(rounds: readonly Round[]): SideResult {
  const latencies = rounds.flatMap((round) => round.latencies);
  return {
    perSecond: median(rounds.map((round) => round.perSecond)),
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}

async function runRound(work: Work, concurrency: number, durationMs: number): Promise<Round> {
  const begin = performance.now();
  const latencies = await Promise.all(
    Array.from({ length: concurrency }, (_, worker) => runWorker(work, worker, begin + durationMs)),
  );
  const all = latencies.flat();
  return { perSecond: (all.length / (performance.now() - begin)) * 1_000, latencies: all };
}

async function runWorker(work: Work, worker: number, until: number): Promise<number[]> {
  const latencies: number[] = [];
  let begin = performance.now();
  while (begin < until) {
    const result = work(worker);
    // Do not charge a synchronous side for a microtask.
    if (result instanceof Promise) await result;
    const end = performance.now();
    latencies.push(end - begin);
    begin = end;
  }
  return latencies;
}

async function runInOrder(calls: readonly (() => unknown)[], rows: number): Promise<Round> {
  const latencies: number[] = [];
  const begin = performance.now();
  for (const call of calls) {
    const start = performance.now();
    await call();
    latencies.push(performance.now() - start);
  }
  return { perSecond: (rows / (performance.now() - begin)) * 1_000, latencies };
}
