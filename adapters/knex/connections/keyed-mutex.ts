/** The last piece of work for each object. */
const last = new WeakMap<object, Promise<unknown>>();

/** Does one piece of work after the other for the same object, such as a transaction, whichever repository asks for it. */
export function inTurn<T>(of: object, work: () => Promise<T>): Promise<T> {
  const done = (last.get(of) ?? Promise.resolve()).then(work);
  // Whether it succeeds is a matter of whoever has asked for it.
  last.set(
    of,
    done.catch(() => undefined),
  );
  return done;
}
