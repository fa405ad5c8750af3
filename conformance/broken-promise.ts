/** A failure that is blamed on another clause than the one that found it. */
export class BrokenPromise extends Error {
  /** The clause whose promise is broken. */
  readonly clauseId: string;

  constructor(clauseId: string, cause: unknown) {
    super(messageOf(cause), { cause });
    this.clauseId = clauseId;
  }
}

/** Runs work whose failure is blamed on another clause than the running one, also if work within it blamed a third. */
export async function blame<T>(clauseId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new BrokenPromise(clauseId, error instanceof BrokenPromise ? error.cause : error);
  }
}

/** The message of whatever was thrown. Not by `instanceof Error`: jest runs tests in a realm with its own `Error`. */
export function messageOf(error: unknown): string {
  const isError = typeof error === 'object' && error !== null && 'message' in error;
  return isError ? String(error.message) : String(error);
}
