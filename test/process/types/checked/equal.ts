/** Whether two types are one and the same, optional members and all. */
export type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : { expected: B; actual: A };

/** Compiles for `true` alone. */
export function check<T extends true>(): T | undefined {
  return undefined;
}
