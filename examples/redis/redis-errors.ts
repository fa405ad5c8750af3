import { StorageUnavailableError } from 'dossier';
import { ClientClosedError, ClientOfflineError, ErrorReply } from 'redis';

/** Error codes of a server that works but refuses this command now. It has executed nothing. */
const REFUSALS: ReadonlySet<string> = new Set([
  'ASK',
  'BUSY',
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'MISCONF',
  'MOVED',
  'NOAUTH',
  'NOPERM',
  'NOREPLICAS',
  'OOM',
  'READONLY',
  'TRYAGAIN',
]);

/** Whether a command reads or writes. Only a write without a reply has an unknown outcome. */
export type CommandKind = 'read' | 'write';

/** Awaits a reply of the client and turns its errors into those of the port. */
export async function withStorageErrors<T>(reply: Promise<T>, kind: CommandKind): Promise<T> {
  try {
    return await reply;
  } catch (error) {
    throw toStorageError(error, kind);
  }
}

/** Omits the client's message: it may contain arguments of the command, and so personal data. */
function toStorageError(error: unknown, kind: CommandKind): Error {
  if (error instanceof ErrorReply) {
    const code = /^[A-Z]+/.exec(error.message)?.[0] ?? 'an error without a code';
    const cause = new Error(`Redis replied ${code}.`);
    return REFUSALS.has(code)
      ? new StorageUnavailableError('Redis refuses commands at the moment.', { cause })
      : new Error('Redis failed unexpectedly.', { cause });
  }
  const cause = new Error(`The client failed with ${error instanceof Error ? error.constructor.name : typeof error}.`);
  // The client throws only these before it sends a command. After any other, the server may have executed it.
  const unsent = error instanceof ClientClosedError || error instanceof ClientOfflineError;
  return new StorageUnavailableError('Redis cannot be reached.', {
    cause,
    outcomeUnknown: kind === 'write' && !unsent,
  });
}
