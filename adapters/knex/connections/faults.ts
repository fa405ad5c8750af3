import { StorageUnavailableError } from 'dossier';
import type { Interruption } from './session.js';

/**
 * What an error of a driver means:
 * `conflict`: the database gave up in favour of others, and nothing was done; it may succeed when tried again.
 * `lost`: the connection broke; what was under way may have been done.
 * `failed_before`: nothing was done, since the host's transaction takes no statements after an error but to be rolled back.
 * `unreachable`: nothing was done, since no connection was to be had or the database takes no changes.
 * `not_migrated`: a table is missing.
 * `not_allowed`: the account lacks a right, or the connection a database to work in.
 * `not_unicode`: the encoding of the database, or of the connection, has no such characters.
 */
export type FaultKind =
  | 'conflict'
  | 'lost'
  | 'failed_before'
  | 'unreachable'
  | 'not_migrated'
  | 'not_allowed'
  | 'not_unicode';

/** What is kept of a driver's error: its kind. Its text may hold SQL and values, which are personal data. */
export class DriverError extends Error {
  readonly code: string | undefined;

  constructor(driverError: unknown) {
    const code = codeOf(driverError);
    super(code === undefined ? 'The driver failed.' : `The driver failed with ${code}.`);
    this.name = 'DriverError';
    this.code = code;
  }
}

/** The driver's code for an error, if it has one: an SQLSTATE, a name such as `SQLITE_BUSY` or `ECONNREFUSED`. */
export function codeOf(driverError: unknown): string | undefined {
  if (typeof driverError !== 'object' || driverError === null || !('code' in driverError)) return undefined;
  const { code } = driverError;
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : undefined;
}

/** The error that the caller learns of, without the driver's text. */
export function faultOf({ driverError, stage }: Interruption, kind: FaultKind | undefined): Error {
  const cause = new DriverError(driverError);
  switch (kind) {
    case 'conflict':
      return new StorageUnavailableError('The database gave up the change in favour of others. Try again.', { cause });
    case 'lost':
      return stage === 'committing'
        ? new StorageUnavailableError(
            'The connection to the database was lost before it answered whether the change took place.',
            { cause, outcomeUnknown: true },
          )
        : new StorageUnavailableError('The connection to the database was lost.', { cause });
    case 'failed_before':
      return new StorageUnavailableError('A statement of the transaction has failed before. Roll it back.', { cause });
    case 'unreachable':
      return new StorageUnavailableError('The database cannot be reached, is full, or takes no changes now.', {
        cause,
      });
    case 'not_migrated':
      return new StorageUnavailableError(
        'The tables of Dossier are missing or not complete. Run migrate(knex, options) with the same options first.',
        { cause },
      );
    case 'not_allowed':
      return new StorageUnavailableError(
        'The database does not allow it: its account lacks the right, or the connection names no database.',
        { cause },
      );
    case 'not_unicode':
      return new StorageUnavailableError(
        'The encoding of the database, or of the connection to it, does not hold all of Unicode.',
        { cause },
      );
    case undefined:
      return new Error('The database failed in an unexpected way.', { cause });
  }
}
