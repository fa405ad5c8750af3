import type { Change, CommitResult, IndexEntry } from 'dossier/storage';
import type { ScriptCall } from './redis-connection.js';
import { parseInteger } from './stored-values.js';
import { COLUMNS, type Column, type TenantKeys } from './tenant-keys.js';

/**
 * Turns the changes of a commit into keys and arguments of `lua/commit.lua`. The arguments of a change are its kind,
 * customer id, schema version, expected revision and `createdAt`, followed by its values, the columns to clear, the entries
 * to remove and the entries to add: four lists, each preceded by its length. Arguments refer to a key by its index, from 1.
 */
export function commitCall(tenantKeys: TenantKeys, changes: readonly Change[]): ScriptCall {
  const keys = [tenantKeys.schema, tenantKeys.customerIds, ...COLUMNS.map((column) => tenantKeys.column(column))];
  const indexOf = (key: string) => {
    if (!keys.includes(key)) keys.push(key);
    return String(keys.indexOf(key) + 1);
  };
  const listOf = (items: readonly string[][]) => [String(items.length), ...items.flat()];
  const entriesOf = (entries: readonly IndexEntry[]) =>
    listOf(
      entries.map(({ key, digest, unique }) => [
        indexOf(tenantKeys.entries(key)),
        digest,
        unique ? 'unique' : 'non-unique',
      ]),
    );
  const changeArguments = changes.flatMap((change) => [
    change.kind,
    change.customerId,
    String(change.schemaVersion),
    ...('expectedRevision' in change ? [String(change.expectedRevision), change.createdAt] : ['', '']),
    ...listOf(valuesOf(change).map(([column, text]) => [indexOf(tenantKeys.column(column)), text])),
    ...listOf(clearedColumns(change).map((column) => [indexOf(tenantKeys.column(column))])),
    ...entriesOf('removeEntries' in change ? change.removeEntries : []),
    ...entriesOf('addEntries' in change ? change.addEntries : []),
  ]);
  return { keys, arguments: changeArguments };
}

/** The columns to write. */
function valuesOf(change: Change): [Column, string][] {
  if (change.kind === 'delete' || change.kind === 'index') return [];
  const values: [Column, string][] = [
    ['attributes', JSON.stringify(change.attributes)],
    ['updatedAt', change.at],
  ];
  if (change.kind === 'create') values.push(['createdAt', change.at]);
  if (change.segment !== undefined) values.push(['segment', change.segment]);
  if (change.residual !== undefined) values.push(['residual', JSON.stringify(change.residual)]);
  if (change.extensions !== undefined) values.push(['extensions', JSON.stringify(change.extensions)]);
  return values;
}

/** The columns that are empty after the change. One that is neither written nor cleared keeps its value. */
function clearedColumns(change: Change): Column[] {
  switch (change.kind) {
    case 'update':
      return (['segment', 'residual'] as const).filter((column) => change[column] === undefined);
    case 'delete':
      return [...COLUMNS];
    default:
      return [];
  }
}

/** Turns the reply of the script into a result of the port. */
export function commitResult(tenantKeys: TenantKeys, reply: unknown): CommitResult {
  // No customer id is ever erased, since the repository does not declare that it can.
  const [outcome, ...details] = reply as [Exclude<CommitResult['outcome'], 'erased'>, ...(string | null)[]];
  const [first, second] = details;
  switch (outcome) {
    case 'committed':
      return { outcome, revisions: details.map(Number) };
    case 'schema_changed':
      return { outcome, schemaVersion: parseInteger(first) };
    case 'revision_changed':
      return { outcome, index: Number(first), revision: parseInteger(second) };
    case 'id_taken':
      return { outcome, index: Number(first) };
    case 'entry_taken':
      return { outcome, index: Number(first), key: tenantKeys.indexKeyOf(String(second)) };
  }
}
