import { codeOf, type FaultKind } from '../../connections/faults.js';

/** The server has no statement of that name on the connection any more, as after `DISCARD ALL`: it did nothing. */
export const FORGOTTEN_STATEMENT = '26000';

/** By the beginnings of SQLSTATEs and of Node's error codes. */
const KINDS: readonly (readonly [string, FaultKind])[] = [
  ['40001', 'conflict'], // serialization_failure
  ['40003', 'lost'], // statement_completion_unknown: CockroachDB, when it lost touch with a node meanwhile
  ['40P01', 'conflict'], // deadlock_detected
  ['55P03', 'conflict'], // lock_not_available
  [FORGOTTEN_STATEMENT, 'conflict'],
  ['42P01', 'not_migrated'], // undefined_table
  ['42703', 'not_migrated'], // undefined_column
  ['3F000', 'not_migrated'], // invalid_schema_name
  ['42501', 'not_allowed'], // insufficient_privilege
  ['22P05', 'not_unicode'], // untranslatable_character
  ['22021', 'not_unicode'], // character_not_in_repertoire
  ['25006', 'unreachable'], // read_only_sql_transaction: a replica
  ['53', 'unreachable'], // insufficient_resources: the disk is full
  ['57014', 'unreachable'], // query_canceled: a statement timeout
  ['57P', 'lost'], // admin_shutdown, crash_shutdown
  ['08', 'lost'], // connection_exception
  ['25P02', 'failed_before'], // in_failed_sql_transaction
  ['25P0', 'lost'], // a timeout of a transaction
  ['E', 'lost'], // ECONNRESET, EPIPE, ETIMEDOUT, …
];

export function faultKind(driverError: unknown): FaultKind | undefined {
  const code = codeOf(driverError);
  if (code === undefined) return isBrokenConnection(driverError) ? 'lost' : undefined;
  return KINDS.find(([beginning]) => code.startsWith(beginning))?.[1];
}

/** The driver has no codes for these. The messages are read, never passed on. */
function isBrokenConnection(driverError: unknown): boolean {
  const message = driverError instanceof Error ? driverError.message : '';
  return /connection (terminated|error|ended)|not queryable|read timeout/i.test(message);
}
