import { codeOf, type FaultKind } from '../../connections/faults.js';

/** invalid_sql_statement_name: the prepared statement is gone, as after `DISCARD ALL`. The server did nothing. */
export const UNKNOWN_STATEMENT = '26000';

/** duplicate_prepared_statement: a pooler has handed over a connection that knows the name. The server did nothing. */
export const DUPLICATE_STATEMENT = '42P05';

/** By prefix of SQLSTATEs and of Node's error codes. */
const KINDS: readonly (readonly [string, FaultKind])[] = [
  ['40001', 'aborted'], // serialization_failure
  ['40003', 'connection_lost'], // statement_completion_unknown: CockroachDB, when it lost contact with a node
  ['40P01', 'aborted'], // deadlock_detected
  ['55P03', 'aborted'], // lock_not_available
  [UNKNOWN_STATEMENT, 'aborted'],
  [DUPLICATE_STATEMENT, 'aborted'],
  ['23503', 'referenced'], // foreign_key_violation
  ['23001', 'referenced'], // restrict_violation
  ['42P01', 'not_migrated'], // undefined_table
  ['42703', 'not_migrated'], // undefined_column
  ['3F000', 'not_migrated'], // invalid_schema_name
  ['42501', 'not_allowed'], // insufficient_privilege
  ['22P05', 'not_unicode'], // untranslatable_character
  ['22021', 'not_unicode'], // character_not_in_repertoire
  ['25006', 'unavailable'], // read_only_sql_transaction: a replica
  ['53', 'unavailable'], // insufficient_resources: the disk is full
  ['57014', 'unavailable'], // query_canceled: a statement timeout
  ['57P', 'connection_lost'], // admin_shutdown, crash_shutdown
  ['08', 'connection_lost'], // connection_exception
  ['25P02', 'transaction_failed'], // in_failed_sql_transaction
  ['25P0', 'connection_lost'], // transaction_timeout and the like
  ['E', 'connection_lost'], // ECONNRESET, EPIPE, ETIMEDOUT, …
];

export function faultKind(driverError: unknown): FaultKind | undefined {
  const code = codeOf(driverError);
  if (code === undefined) return isBrokenConnection(driverError) ? 'connection_lost' : undefined;
  return KINDS.find(([prefix]) => code.startsWith(prefix))?.[1];
}

/** The driver has no codes for these. Messages are only inspected, never passed on. */
function isBrokenConnection(driverError: unknown): boolean {
  const message = driverError instanceof Error ? driverError.message : '';
  return /connection (terminated|error|ended)|not queryable|read timeout/i.test(message);
}
