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
    const driverCode = /^[A-Z]+/.exec(error.message)?.[0];
    const cause = new Error(`Redis replied ${driverCode ?? 'an error without a code'}.`);
    return driverCode !== undefined && REFUSALS.has(driverCode)
      ? new StorageUnavailableError('Redis refuses commands at the moment.', { cause, driverCode })
      : Object.assign(new Error('Redis failed unexpectedly.', { cause }), { driverCode });
  }
  const cause = new Error(`The client failed with ${error instanceof Error ? error.constructor.name : typeof error}.`);
  // The client throws only these before it sends a command. After any other, the server may have executed it.
  const unsent = error instanceof ClientClosedError || error instanceof ClientOfflineError;
  return new StorageUnavailableError('Redis cannot be reached.', {
    cause,
    driverCode: socketCodeOf(error),
    outcomeUnknown: kind === 'write' && !unsent,
  });
}

/** The code of an error of the socket, such as `ECONNREFUSED`. The client's own errors have none. */
function socketCodeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
