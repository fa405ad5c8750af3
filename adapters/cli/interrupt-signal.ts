/**
 * Aborted by the first SIGINT or SIGTERM. The second one of the same kind ends the process at once, since the handler is
 * gone by then.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  process.once('SIGTERM', () => controller.abort());
  return controller.signal;
}
