/**
 * Rejects if a call takes longer than `milliseconds`. A test runner's own timeout would not name the call, and some
 * runners have none.
 */
export async function withTimeout<T>(call: () => string, milliseconds: number, work: () => Promise<T> | T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${call()} did not settle within ${milliseconds} ms (option \`callTimeout\`)`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
