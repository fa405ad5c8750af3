import { getSystemErrorMap } from 'node:util';
import { UserError } from './user-error.js';

/** The error for a file that could not be read or written, with the reason in words: `no such file or directory`. */
export function fileError(action: 'read' | 'write', file: string, error: NodeJS.ErrnoException): UserError {
  return new UserError(`Cannot ${action} ${file}: ${reasonOf(error)}.`);
}

/** The error for any failure of the file system, in the form of {@link fileError}; `undefined` for another one. */
export function anyFileError(error: unknown): UserError | undefined {
  if (!(error instanceof Error && 'syscall' in error && 'path' in error)) return undefined;
  const failure: NodeJS.ErrnoException & { readonly dest?: string } = error as Error;
  const { syscall, path, dest } = failure;
  return new UserError(`Cannot ${syscall} ${path}${dest === undefined ? '' : ` to ${dest}`}: ${reasonOf(failure)}.`);
}

/** The message of a file system error quotes the path and the system call, which the user has no use for. */
function reasonOf({ errno, code, name }: NodeJS.ErrnoException): string {
  const [, words] = (errno === undefined ? undefined : getSystemErrorMap().get(errno)) ?? [];
  return words ?? code ?? name;
}
