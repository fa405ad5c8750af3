/** Runs the scenarios of a module, or those that are named after it, and prints a line of JSON for each: see `scenario.ts`. */
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDossierError } from 'dossier';
import { isWithin, type Measured, REFERENCE, type Scenario, type Scenarios } from './scenario.js';

const MOST_ROUNDS = 3;
/** The first time, a text takes longer. */
const PARSED_OFTEN = 2;

const [module = '', ...names] = process.argv.slice(2);
const { scenarios, dispose } = (await import(module)) as {
  readonly scenarios: Scenarios;
  readonly dispose?: () => Promise<void>;
};
for (const [name, scenario] of Object.entries(scenarios)) {
  if (names.length > 0 && !names.includes(name)) continue;
  let least = await measure(scenario);
  // The first round compiles, and any of them may meet a collection of garbage that it did not make.
  for (let round = 2; round <= MOST_ROUNDS && !isWithin(least, scenario); round += 1) {
    least = leastOf(least, await measure(scenario));
  }
  process.stdout.write(`${JSON.stringify({ name, ...least })}\n`);
}

await dispose?.();

function leastOf(one: Measured, other: Measured): Measured {
  return {
    outcome: one.outcome,
    parsing: Math.min(one.parsing, other.parsing),
    work: Math.min(one.work, other.work),
    turn: Math.min(one.turn, other.turn),
    reference: Math.min(one.reference, other.reference),
  };
}

async function measure({ text, prepare, given = 'parsed' }: Scenario): Promise<Measured> {
  const { parsing: reference } = parse(REFERENCE, 'text');
  globalThis.gc?.();
  const operation = await prepare();
  globalThis.gc?.();
  const { parsed, parsing } = parse(typeof text === 'string' ? text : text(), given);
  globalThis.gc?.();
  await nextTurn();
  const turns = watchTurns();
  const started = cpu();
  const outcome = await operation(parsed as never).then(() => 'ok', codeOf);
  const work = cpu() - started;
  return { outcome, parsing, work, turn: await turns.longest(), reference };
}

/** Keeps what is parsed only if the operation gets it: the rest of the memory is the operation's. */
function parse(text: string, given: Scenario['given']): { readonly parsed: unknown; readonly parsing: number } {
  let parsing = Number.POSITIVE_INFINITY;
  let parsed: unknown;
  for (let time = 1; time <= PARSED_OFTEN; time += 1) {
    parsed = undefined;
    globalThis.gc?.();
    const before = cpu();
    parsed = JSON.parse(text);
    parsing = Math.min(parsing, cpu() - before);
  }
  return { parsed: given === 'text' ? text : parsed, parsing };
}

/** Measures each turn of the event loop by a callback that runs once in each. */
function watchTurns(): { longest(): Promise<number> } {
  let longest = 0;
  let isWatching = true;
  let begin = cpu();
  const look = () => {
    longest = Math.max(longest, cpu() - begin);
    begin = cpu();
    if (isWatching) setImmediate(look);
  };
  setImmediate(look);
  return {
    async longest() {
      await nextTurn();
      isWatching = false;
      return longest;
    },
  };
}

/**
 * The CPU that the event loop's thread has taken, in milliseconds: what collects garbage in other threads does not block it,
 * and does more where they have a processor. Where the system does not tell, the CPU of the process.
 */
function cpu(): number {
  const ofThread = readThreadTime();
  if (ofThread > 0) return ofThread;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Linux counts nanoseconds; 0 where it does not. */
function readThreadTime(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return 0;
  }
}

function codeOf(error: unknown): string {
  if (isDossierError(error)) return error.code;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
