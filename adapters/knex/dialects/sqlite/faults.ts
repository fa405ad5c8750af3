import { codeOf, type FaultKind } from '../../connections/faults.js';

/** By prefix of SQLite's extended result codes. */
const KINDS: readonly (readonly [string, FaultKind])[] = [
  ['SQLITE_BUSY_SNAPSHOT', 'aborted'],
  ['SQLITE_BUSY', 'locked'],
  ['SQLITE_LOCKED', 'locked'],
  ['SQLITE_CONSTRAINT_FOREIGNKEY', 'referenced'],
  // Whether the change reached the disk is unknown.
  ['SQLITE_IOERR', 'connection_lost'],
  ['SQLITE_FULL', 'unavailable'],
  ['SQLITE_CANTOPEN', 'unavailable'],
  ['SQLITE_READONLY', 'unavailable'],
  ['SQLITE_CORRUPT', 'unavailable'],
  ['SQLITE_NOTADB', 'unavailable'],
];

export function faultKind(driverError: unknown): FaultKind | undefined {
  const code = codeOf(driverError);
  if (code === undefined) return undefined;
  if (code === 'SQLITE_ERROR') return isMissingTable(driverError) ? 'not_migrated' : undefined;
  return KINDS.find(([prefix]) => code.startsWith(prefix))?.[1];
}

/** SQLite has no code for it. The message is only inspected, never passed on. */
function isMissingTable(driverError: unknown): boolean {
  return driverError instanceof Error && /^no such (table|column)/.test(driverError.message);
}
