import type { Change, CommitResult, IndexEntry } from 'dossier/storage';
import { countOf } from './counts.js';
import type { ScriptCall } from './redis-connection.js';
import { COLUMNS, type Column, type TenantKeys } from './tenant-keys.js';

/**
 * The changes of a commit as keys and arguments of `lua/commit.lua`. The arguments of a change are its kind, customer
 * id, schema version, expected revision and time of creation; then its values, the entries to remove and those to add, each a list that
 * begins with its length. A key is named by its number among the keys, from 1 on.
 */
export function commitCall(tenantKeys: TenantKeys, changes: readonly Change[]): ScriptCall {
  const keys = [tenantKeys.schema, tenantKeys.customerIds, ...COLUMNS.map((column) => tenantKeys.column(column))];
  const numberOf = (key: string) => {
    if (!keys.includes(key)) keys.push(key);
    return String(keys.indexOf(key) + 1);
  };
  const listOf = (items: readonly string[][]) => [String(items.length), ...items.flat()];
  const entriesOf = (entries: readonly IndexEntry[]) =>
    listOf(
      entries.map(({ key, digest, unique }) => [
        numberOf(tenantKeys.entries(key)),
        digest,
        unique ? 'unique' : 'plain',
      ]),
    );
  const changeArguments = changes.flatMap((change) => [
    change.kind,
    change.customerId,
    String(change.schemaVersion),
    ...('expectedRevision' in change ? [String(change.expectedRevision), change.createdAt] : ['', '']),
    ...listOf(valuesOf(change).map(([column, text]) => [numberOf(tenantKeys.column(column)), text])),
    ...entriesOf('removeEntries' in change ? change.removeEntries : []),
    ...entriesOf('addEntries' in change ? change.addEntries : []),
  ]);
  return { keys, arguments: [String(COLUMNS.length), ...changeArguments] };
}

/** The texts to write: of what is absent, the stored one stays. */
function valuesOf(change: Change): [Column, string][] {
  if (change.kind === 'delete' || change.kind === 'index') return [];
  const values: [Column, string][] = [
    ['attributes', JSON.stringify(change.attributes)],
    ['updatedAt', change.at],
  ];
  if (change.kind === 'create') values.push(['createdAt', change.at]);
  if (change.segment !== undefined) values.push(['segment', change.segment]);
  if (change.extensions !== undefined) values.push(['extensions', JSON.stringify(change.extensions)]);
  return values;
}

/** The script's answer in the words of the port. */
export function commitResult(tenantKeys: TenantKeys, answer: unknown): CommitResult {
  const [outcome, first, second] = answer as [CommitResult['outcome'], ...(string | null)[]];
  switch (outcome) {
    case 'committed':
      return { outcome };
    case 'schema_moved':
      return { outcome, schemaVersion: countOf(first) };
    case 'revision_moved':
      return { outcome, index: Number(first), revision: countOf(second) };
    case 'id_taken':
      return { outcome, index: Number(first) };
    case 'entry_taken':
      return { outcome, index: Number(first), key: tenantKeys.indexKeyOf(String(second)) };
  }
}
