/** The last piece of work for each key. */
const last = new WeakMap<object, Promise<unknown>>();

/** Runs work for the same key, such as a transaction, one after the other, across repositories. */
export function runExclusive<T>(key: object, work: () => Promise<T>): Promise<T> {
  const done = (last.get(key) ?? Promise.resolve()).then(work);
  // Only the caller handles its failure.
  last.set(
    key,
    done.catch(() => undefined),
  );
  return done;
}
