import { getSystemErrorMap } from 'node:util';
import { UserError } from './user-error.js';

/** The error for a file that could not be read or written, with the reason in words: `no such file or directory`. */
export function fileError(action: 'read' | 'write', file: string, error: NodeJS.ErrnoException): UserError {
  return new UserError(`Cannot ${action} ${file}: ${reasonOf(error)}.`);
}

/** The message of a file system error quotes the path and the system call, which the user has no use for. */
function reasonOf({ errno, code, name }: NodeJS.ErrnoException): string {
  const [, words] = (errno === undefined ? undefined : getSystemErrorMap().get(errno)) ?? [];
  return words ?? code ?? name;
}
