import { importPeers } from './import-peers.js';

const LINE_INTERVAL_MS = 1_000;

/** Reports the progress of a command on the standard error. */
export interface Progress {
  /**
   * @param done in the unit of the total
   * @param text what is printed
   */
  update(done: number, text: string): void;
  stop(): void;
}

/**
 * Shows a progress bar on a terminal, and otherwise prints at most one line a second.
 *
 * @param total undefined where it is unknown
 * @throws UserError if cli-progress, which draws the bar, is not installed
 */
export async function startProgress(total: number | undefined): Promise<Progress> {
  return process.stderr.isTTY ? startBar(total) : startLines();
}

async function startBar(total: number | undefined): Promise<Progress> {
  const { default: progress } = await importPeers(['cli-progress'], () => import('cli-progress'));
  const bar = new progress.SingleBar({
    format:
      total === undefined ? '{text}, {duration_formatted}' : '[{bar}] {percentage}%, {text}, {eta_formatted} left',
    stream: process.stderr,
    // The command handles signals itself.
    gracefulExit: false,
  });
  bar.start(total ?? 0, 0, { text: 'starting' });
  return { update: (done, text) => bar.update(done, { text }), stop: () => bar.stop() };
}

function startLines(): Progress {
  let printedAt = Number.NEGATIVE_INFINITY;
  return {
    update: (_, text) => {
      if (performance.now() - printedAt < LINE_INTERVAL_MS) return;
      printedAt = performance.now();
      console.error(text);
    },
    stop: () => undefined,
  };
}
