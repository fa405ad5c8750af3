import type { Change, CommitResult, IndexEntry } from 'dossier/storage';
import type { TenantStore } from './tenant-store.js';

/** What stands in the way of a commit, in the order of precedence that the port gives; `undefined` when nothing does. */
export function findObstacle(tenant: TenantStore, changes: readonly Change[]): CommitResult | undefined {
  const schemaVersion = tenant.schema?.version;
  if (changes.some((change) => change.schemaVersion !== schemaVersion))
    return { outcome: 'schema_moved', schemaVersion };

  const released = releasedEntries(changes);
  const claimed = new Set<string>();
  for (const [index, change] of changes.entries()) {
    const current = tenant.stateOf(change.customerId);
    if (change.kind === 'create') {
      if (current !== undefined) return { outcome: 'id_taken', index };
    } else if (current?.revision !== change.expectedRevision || current.createdAt !== change.createdAt) {
      return { outcome: 'revision_moved', index, revision: current?.revision };
    }
    if (change.kind === 'delete') continue;
    for (const entry of change.addEntries) {
      if (!entry.unique) continue;
      const taken = tenant.entries
        .holders(entry, undefined, 2)
        .some((holder) => holder !== change.customerId && !released.has(nameOf(entry, holder)));
      if (taken || claimed.has(nameOf(entry))) return { outcome: 'entry_taken', index, key: entry.key };
    }
    for (const entry of change.addEntries) if (entry.unique) claimed.add(nameOf(entry));
  }
  return undefined;
}

/** The entries that the commit takes from the profiles that have them. */
function releasedEntries(changes: readonly Change[]): Set<string> {
  const released = new Set<string>();
  for (const change of changes) {
    if (change.kind === 'create' || change.kind === 'index') continue;
    for (const entry of change.removeEntries) released.add(nameOf(entry, change.customerId));
  }
  return released;
}

/** U+0000 stands in neither keys nor digests nor ids, so that different parts never make the same name. */
function nameOf(entry: IndexEntry, customerId = ''): string {
  return `${entry.key}\0${entry.digest}\0${customerId}`;
}
