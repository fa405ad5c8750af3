/** The bytes of the heap in use. Collects garbage first, if the process runs with `--expose-gc`. */
export function heapAfterCollection(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
