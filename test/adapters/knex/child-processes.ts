import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Runs a module in processes of their own, one for each list of arguments, lets all of them begin at once, and answers
 * what each reported.
 *
 * The module calls {@link runWhenTold}.
 */
export async function runInProcesses(module: URL, argumentLists: readonly string[][]): Promise<unknown[]> {
  const children = argumentLists.map((list) => fork(fileURLToPath(module), list, { execArgv: ['--import', 'tsx'] }));
  await Promise.all(children.map((child) => once(child, 'message')));
  return Promise.all(
    children.map(async (child) => {
      const reported = once(child, 'message');
      const ended = once(child, 'exit').then(([code]) => {
        if (code !== 0) throw new Error(`A process ended with ${code}.`);
      });
      child.send('begin');
      const [[report]] = await Promise.all([reported, ended]);
      return report;
    }),
  );
}

/** In such a process: works when all are ready, and reports what came of it. */
export async function runWhenTold(work: () => Promise<unknown>): Promise<void> {
  const told = once(process, 'message');
  process.send?.('ready');
  await told;
  process.send?.(await work());
  process.disconnect();
}
