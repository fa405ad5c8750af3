import { codeOf, type FaultKind } from '../../connections/faults.js';

/** By the driver's names of the server's errors, and Node's error codes. */
const KINDS: ReadonlyMap<string, FaultKind> = new Map([
  ['ER_LOCK_DEADLOCK', 'conflict'], // also what Galera answers when a node refuses a commit
  ['ER_LOCK_WAIT_TIMEOUT', 'conflict'],
  ['ER_CHECKREAD', 'conflict'],
  ['ER_NEED_REPREPARE', 'conflict'],
  ['ER_TRANSACTION_ROLLBACK_DURING_COMMIT', 'conflict'], // MySQL's group replication, when members collide
  ['ER_NO_SUCH_TABLE', 'not_migrated'],
  ['ER_BAD_FIELD_ERROR', 'not_migrated'],
  ['ER_NO_DB_ERROR', 'not_allowed'],
  ['ER_DBACCESS_DENIED_ERROR', 'not_allowed'],
  ['ER_TABLEACCESS_DENIED_ERROR', 'not_allowed'],
  ['ER_COLUMNACCESS_DENIED_ERROR', 'not_allowed'],
  ['ER_SPECIFIC_ACCESS_DENIED_ERROR', 'not_allowed'],
  ['ER_UNKNOWN_COM_ERROR', 'unreachable'], // a Galera node outside the majority
  ['ER_OPTION_PREVENTS_STATEMENT', 'unreachable'], // read only
  ['ER_READ_ONLY_MODE', 'unreachable'],
  ['ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION', 'unreachable'],
  ['ER_DISK_FULL', 'unreachable'],
  ['ER_RECORD_FILE_FULL', 'unreachable'],
  ['EE_DISK_FULL', 'unreachable'],
  ['ER_OUTOFMEMORY', 'unreachable'],
  ['ER_OUT_OF_SORTMEMORY', 'unreachable'],
  ['ER_OUT_OF_RESOURCES', 'unreachable'],
  ['ER_LOCK_TABLE_FULL', 'unreachable'],
  ['ER_MAX_PREPARED_STMT_COUNT_REACHED', 'unreachable'],
  ['ER_QUERY_TIMEOUT', 'unreachable'],
  ['ER_STATEMENT_TIMEOUT', 'unreachable'],
  ['ER_SERVER_SHUTDOWN', 'lost'],
  ['ER_CONNECTION_KILLED', 'lost'],
  ['ER_QUERY_INTERRUPTED', 'lost'],
  ['ER_CLIENT_INTERACTION_TIMEOUT', 'lost'], // MySQL, when a connection was idle for too long
  ['ER_ERROR_DURING_COMMIT', 'lost'], // a Galera node that leaves the majority meanwhile
  // Whether the change got as far as the disk, only a later reader sees.
  ['ER_ERROR_ON_WRITE', 'lost'],
  ['EE_WRITE', 'lost'],
  ['PROTOCOL_CONNECTION_LOST', 'lost'],
  ['PROTOCOL_SEQUENCE_TIMEOUT', 'lost'],
  ['ECONNRESET', 'lost'],
  ['ECONNABORTED', 'lost'],
  ['EPIPE', 'lost'],
  ['ETIMEDOUT', 'lost'],
]);

export function faultKind(driverError: unknown): FaultKind | undefined {
  return KINDS.get(codeOf(driverError) ?? '') ?? (isClosedConnection(driverError) ? 'lost' : undefined);
}

/**
 * The driver calls errors fatal after which the connection is closed. It has no code for some of them; the message is
 * read, never passed on.
 */
function isClosedConnection(driverError: unknown): boolean {
  if (!(driverError instanceof Error)) return false;
  return (
    ('fatal' in driverError && driverError.fatal === true) || /closed state|connection lost/i.test(driverError.message)
  );
}
