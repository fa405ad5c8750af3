import { importPeers } from './import-peers.js';

const LINE_EVERY_MS = 1_000;

/** Shows how far a command has come. */
export interface Progress {
  /** @param done of the total @param text about it */
  update(done: number, text: string): void;
  stop(): void;
}

/**
 * A bar on the standard error where that is a terminal, and a plain line at most every second otherwise.
 *
 * @param total absent where it is not known
 * @throws UserError if the package that draws the bar is not installed
 */
export async function startProgress(total: number | undefined): Promise<Progress> {
  return process.stderr.isTTY ? startBar(total) : startLines();
}

async function startBar(total: number | undefined): Promise<Progress> {
  const { default: progress } = await importPeers(['cli-progress'], () => import('cli-progress'));
  const bar = new progress.SingleBar({
    format:
      total === undefined ? '{text}, {duration_formatted}' : '[{bar}] {percentage}%, {text}, {eta_formatted} to go',
    stream: process.stderr,
    // The command itself decides what a signal does.
    gracefulExit: false,
  });
  bar.start(total ?? 0, 0, { text: 'begins' });
  return { update: (done, text) => bar.update(done, { text }), stop: () => bar.stop() };
}

function startLines(): Progress {
  let told = Number.NEGATIVE_INFINITY;
  return {
    update: (_, text) => {
      if (performance.now() - told < LINE_EVERY_MS) return;
      told = performance.now();
      console.error(text);
    },
    stop: () => undefined,
  };
}
