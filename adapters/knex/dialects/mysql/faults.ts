import { codeOf, type FaultKind } from '../../connections/faults.js';

/** By the driver's names for server errors, and Node's error codes. */
const KINDS: ReadonlyMap<string, FaultKind> = new Map([
  ['ER_LOCK_DEADLOCK', 'aborted'], // also Galera's certification failure
  ['ER_LOCK_WAIT_TIMEOUT', 'aborted'],
  ['ER_CHECKREAD', 'aborted'],
  ['ER_NEED_REPREPARE', 'aborted'],
  ['ER_TRANSACTION_ROLLBACK_DURING_COMMIT', 'aborted'], // certification failure of MySQL's group replication
  ['ER_NO_SUCH_TABLE', 'not_migrated'],
  ['ER_BAD_FIELD_ERROR', 'not_migrated'],
  ['ER_NO_DB_ERROR', 'no_database'],
  ['ER_DBACCESS_DENIED_ERROR', 'not_allowed'],
  ['ER_TABLEACCESS_DENIED_ERROR', 'not_allowed'],
  ['ER_COLUMNACCESS_DENIED_ERROR', 'not_allowed'],
  ['ER_SPECIFIC_ACCESS_DENIED_ERROR', 'not_allowed'],
  ['ER_ROW_IS_REFERENCED', 'referenced'],
  ['ER_ROW_IS_REFERENCED_2', 'referenced'],
  ['ER_NO_REFERENCED_ROW', 'referenced'],
  ['ER_NO_REFERENCED_ROW_2', 'referenced'],
  ['ER_UNKNOWN_COM_ERROR', 'unavailable'], // a Galera node outside the primary component
  ['ER_OPTION_PREVENTS_STATEMENT', 'unavailable'], // read only
  ['ER_READ_ONLY_MODE', 'unavailable'],
  ['ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION', 'unavailable'],
  ['ER_DISK_FULL', 'unavailable'],
  ['ER_RECORD_FILE_FULL', 'unavailable'],
  ['EE_DISK_FULL', 'unavailable'],
  ['ER_OUTOFMEMORY', 'unavailable'],
  ['ER_OUT_OF_SORTMEMORY', 'unavailable'],
  ['ER_OUT_OF_RESOURCES', 'unavailable'],
  ['ER_LOCK_TABLE_FULL', 'unavailable'],
  ['ER_MAX_PREPARED_STMT_COUNT_REACHED', 'unavailable'],
  ['ER_QUERY_TIMEOUT', 'unavailable'],
  ['ER_STATEMENT_TIMEOUT', 'unavailable'],
  ['ER_SERVER_SHUTDOWN', 'connection_lost'],
  ['ER_CONNECTION_KILLED', 'connection_lost'],
  ['ER_QUERY_INTERRUPTED', 'connection_lost'],
  ['ER_CLIENT_INTERACTION_TIMEOUT', 'connection_lost'], // MySQL, after an idle timeout
  ['ER_ERROR_DURING_COMMIT', 'connection_lost'], // a Galera node that loses the primary component during a commit
  // Whether the change reached the disk is unknown.
  ['ER_ERROR_ON_WRITE', 'connection_lost'],
  ['EE_WRITE', 'connection_lost'],
  ['PROTOCOL_CONNECTION_LOST', 'connection_lost'],
  ['PROTOCOL_SEQUENCE_TIMEOUT', 'connection_lost'],
  ['ECONNRESET', 'connection_lost'],
  ['ECONNABORTED', 'connection_lost'],
  ['EPIPE', 'connection_lost'],
  ['ETIMEDOUT', 'connection_lost'],
]);

export function faultKind(driverError: unknown): FaultKind | undefined {
  return KINDS.get(codeOf(driverError) ?? '') ?? (isClosedConnection(driverError) ? 'connection_lost' : undefined);
}

/**
 * The driver marks errors as fatal after which the connection is closed. Some have no code; their message is only
 * inspected, never passed on.
 */
function isClosedConnection(driverError: unknown): boolean {
  if (!(driverError instanceof Error)) return false;
  return (
    ('fatal' in driverError && driverError.fatal === true) || /closed state|connection lost/i.test(driverError.message)
  );
}
