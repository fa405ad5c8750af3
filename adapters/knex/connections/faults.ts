import { ReferencedError, StorageUnavailableError } from 'dossier';
import type { DriverFailure } from './session.js';

/**
 * What a driver's error means:
 * `aborted`: the database aborted the work because of concurrent transactions; nothing was changed, and a retry may succeed.
 * `locked`: a lock is not to be had at once; nothing was changed, and a retry may succeed when it is released.
 * `connection_lost`: what was in flight may have taken effect.
 * `transaction_failed`: nothing was changed; after an error, the host's transaction accepts nothing but a rollback.
 * `unavailable`: nothing was changed; no connection, or the database accepts no writes.
 * `not_migrated`: a table or column is missing.
 * `not_allowed`: the account lacks a privilege.
 * `no_database`: the connection has no default database.
 * `not_unicode`: the encoding of the database, or of the connection, lacks a character.
 * `referenced`: a foreign key of the host refuses the change.
 */
export type FaultKind =
  | 'aborted'
  | 'locked'
  | 'connection_lost'
  | 'transaction_failed'
  | 'unavailable'
  | 'not_migrated'
  | 'not_allowed'
  | 'no_database'
  | 'not_unicode'
  | 'referenced';

const MESSAGES: Readonly<Record<Exclude<FaultKind, 'referenced'>, string>> = {
  aborted: 'The database aborted the change because of concurrent transactions. Try again.',
  locked: 'Another process holds the lock of the database. Try again.',
  connection_lost: 'The connection to the database was lost.',
  transaction_failed: 'An earlier statement of the transaction failed. Roll it back.',
  unavailable: 'The database is unreachable, full or read-only.',
  not_migrated:
    'Tables of Dossier are missing or incomplete. Run migrate(knex, options) with the options of the repository.',
  not_allowed: 'The database account lacks a privilege. Grant it what Dossier needs.',
  no_database: 'The connection selects no database. Name one in its settings.',
  not_unicode: 'The encoding of the database, or of the connection, is not Unicode. Use UTF-8 for both.',
};

/** What is kept of a driver's error: its code. Its text may contain SQL and values, which are personal data. */
export class DriverError extends Error {
  readonly code: string | undefined;

  constructor(driverError: unknown) {
    const code = codeOf(driverError);
    super(code === undefined ? 'The driver failed.' : `The driver failed with ${code}.`);
    this.name = 'DriverError';
    this.code = code;
  }
}

/** An error that no dialect expects. */
export class UnexpectedFault extends Error {
  readonly driverCode: string | undefined;

  constructor(cause: DriverError) {
    super('The database failed unexpectedly.', { cause });
    this.name = 'UnexpectedFault';
    this.driverCode = cause.code;
  }
}

/** The driver's error code, if there is one: an SQLSTATE, or a name such as `SQLITE_BUSY` or `ECONNREFUSED`. */
export function codeOf(driverError: unknown): string | undefined {
  if (typeof driverError !== 'object' || driverError === null || !('code' in driverError)) return undefined;
  const { code } = driverError;
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : undefined;
}

/** The error for the caller, without the driver's text. */
export function faultOf({ driverError, stage }: DriverFailure, kind: FaultKind | undefined): Error {
  const cause = new DriverError(driverError);
  const driverCode = cause.code;
  if (kind === undefined) return new UnexpectedFault(cause);
  if (kind === 'referenced') return new ReferencedError({ cause, driverCode });
  if (kind === 'connection_lost' && stage === 'committing') {
    const message = 'The connection to the database was lost during the commit. The change may have taken effect.';
    return new StorageUnavailableError(message, { cause, driverCode, outcomeUnknown: true });
  }
  return new StorageUnavailableError(MESSAGES[kind], { cause, driverCode });
}
