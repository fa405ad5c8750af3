import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { compiled } from '../compiled.js';

/**
 * Runs a module in child processes, one per list of arguments, all starting at once.
 *
 * The module calls {@link runOnSignal}.
 *
 * @returns what each process reported
 */
export async function runInProcesses(module: URL, argumentLists: readonly string[][]): Promise<unknown[]> {
  const [reports = []] = await runRoundsInProcesses(module, argumentLists, 1);
  return reports;
}

/** The same, several rounds in the same processes; each round begins when all have finished the previous one. */
export async function runRoundsInProcesses(
  module: URL,
  argumentLists: readonly string[][],
  rounds: number,
): Promise<unknown[][]> {
  const children = argumentLists.map((list) => fork(compiled(module), list));
  try {
    await Promise.all(children.map(messageOf));
    const reports: unknown[][] = [];
    while (reports.length < rounds) {
      const messages = children.map(messageOf);
      for (const child of children) child.send(reports.length);
      reports.push(await Promise.all(messages));
    }
    const ends = children.map((child) => once(child, 'exit'));
    for (const child of children) child.disconnect();
    for (const [code] of await Promise.all(ends)) if (code !== 0) throw new Error(`A process ended with ${code}.`);
    return reports;
  } finally {
    for (const child of children) child.kill();
  }
}

async function messageOf(child: ChildProcess): Promise<unknown> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`A process ended with ${code} before it reported.`);
  });
  ended.catch(() => undefined);
  const [message] = await Promise.race([once(child, 'message', { signal }), ended]);
  waiting.abort();
  return message;
}

/** In the child process: runs when all are ready, with the number of the round, and reports the result. */
export async function runOnSignal(
  work: (round: number) => Promise<unknown>,
  end: () => Promise<void> = async () => {},
): Promise<void> {
  process.on('message', async (round) => process.send?.(await work(Number(round))));
  process.once('disconnect', end);
  process.send?.('ready');
}
