import { codeOf, type FaultKind } from '../../connections/faults.js';

/** By the beginnings of SQLite's extended result codes. */
const KINDS: readonly (readonly [string, FaultKind])[] = [
  ['SQLITE_BUSY', 'conflict'],
  ['SQLITE_LOCKED', 'conflict'],
  // Whether the change got as far as the disk, only a later reader sees.
  ['SQLITE_IOERR', 'lost'],
  ['SQLITE_FULL', 'unreachable'],
  ['SQLITE_CANTOPEN', 'unreachable'],
  ['SQLITE_READONLY', 'unreachable'],
  ['SQLITE_CORRUPT', 'unreachable'],
  ['SQLITE_NOTADB', 'unreachable'],
];

export function faultKind(driverError: unknown): FaultKind | undefined {
  const code = codeOf(driverError);
  if (code === undefined) return undefined;
  if (code === 'SQLITE_ERROR') return isMissingTable(driverError) ? 'not_migrated' : undefined;
  return KINDS.find(([beginning]) => code.startsWith(beginning))?.[1];
}

/** SQLite has no code of its own for it. The message is read, never passed on. */
function isMissingTable(driverError: unknown): boolean {
  return driverError instanceof Error && /^no such (table|column)/.test(driverError.message);
}
