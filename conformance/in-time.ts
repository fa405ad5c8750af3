/**
 * Waits for an answer, but not for ever: a runner without a limit would hang, and one with a limit would not tell which
 * call it was.
 */
export async function inTime<T>(what: string, milliseconds: number, work: () => Promise<T> | T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} was not answered within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
