/**
 * Has the command fail if its output cannot be written, as on a full disk: `console.log` would drop the output, and the
 * exit code would say that everything was done.
 */
export function watchOutput(): void {
  process.stdout.once('error', fail);
}

/** For a caller that is told of each failed write, or goes on without the output. */
export function unwatchOutput(): void {
  process.stdout.off('error', fail).on('error', () => undefined);
}

/** The reason why the standard output cannot be written, in words. */
export function outputFailure({ code, name }: NodeJS.ErrnoException): string {
  return `Cannot write to the standard output: ${code ?? name}.`;
}

function fail(error: NodeJS.ErrnoException): void {
  // Of any further output of the command, this one says enough.
  process.stdout.on('error', () => undefined);
  console.error(`error: ${outputFailure(error)}`);
  process.exitCode = 1;
}
