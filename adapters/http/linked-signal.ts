/**
 * Runs work with a signal that is aborted when one of several is. `AbortSignal.any` would stay linked to those that outlive the
 * work.
 */
export async function withLinkedSignal<Result>(
  signals: readonly (AbortSignal | undefined)[],
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const linked = new AbortController();
  const links = signals.flatMap((signal) => {
    if (signal === undefined) return [];
    const abort = () => linked.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    return [() => signal.removeEventListener('abort', abort)];
  });
  try {
    return await work(linked.signal);
  } finally {
    for (const unlink of links) unlink();
  }
}
