import { StorageUnavailableError } from 'dossier';
import { ClientClosedError, ClientOfflineError, ErrorReply } from 'redis';

/** What a server answers that works, but not for this command and not now: it has done nothing. */
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

/** Whether a call changes what is stored: only then is it open what became of it when no answer came. */
export type CallKind = 'reading' | 'changing';

/** The answer of the client; its errors become those of the port. */
export async function answerOf<T>(answer: Promise<T>, kind: CallKind): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw faultOf(error, kind);
  }
}

/** The client's text is left out, since it may hold arguments of the command and so personal data. */
function faultOf(error: unknown, kind: CallKind): Error {
  if (error instanceof ErrorReply) {
    const code = /^[A-Z]+/.exec(error.message)?.[0] ?? 'no code';
    const cause = new Error(`Redis answered ${code}.`);
    return REFUSALS.has(code)
      ? new StorageUnavailableError('Redis does not serve the command now.', { cause })
      : new Error('Redis failed in an unexpected way.', { cause });
  }
  const cause = new Error(`The client failed with ${error instanceof Error ? error.constructor.name : typeof error}.`);
  // These alone are thrown before a command is sent. Of any other the server may have carried out the command.
  const unsent = error instanceof ClientClosedError || error instanceof ClientOfflineError;
  return new StorageUnavailableError('Redis cannot be reached.', {
    cause,
    outcomeUnknown: kind === 'changing' && !unsent,
  });
}
