/** The bytes of the heap in use; after a collection, where the process was started with `--expose-gc`. */
export function heapAfterCollection(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
