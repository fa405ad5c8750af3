/**
 * A signal that is aborted when the process is told to stop. A second time the same signal ends the process at once, as
 * it would without this.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  process.once('SIGTERM', () => controller.abort());
  return controller.signal;
}
