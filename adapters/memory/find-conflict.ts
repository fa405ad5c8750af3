import type { Change, CommitResult, IndexEntry } from 'dossier/storage';
import type { TenantStore } from './tenant-store.js';

/** The first conflict of a commit, in the order of precedence of the port; `undefined` if there is none. */
export function findConflict(tenant: TenantStore, changes: readonly Change[]): CommitResult | undefined {
  const schemaVersion = tenant.schema?.version;
  if (changes.some((change) => change.schemaVersion !== schemaVersion))
    return { outcome: 'schema_changed', schemaVersion };

  const removed = removedEntries(changes);
  const added = new Set<string>();
  for (const [index, change] of changes.entries()) {
    const current = tenant.lockTokenOf(change.customerId);
    if (change.kind === 'create') {
      if (current !== undefined) return { outcome: 'id_taken', index };
      const erasure = tenant.erasureOf(change.customerId);
      if (erasure !== undefined && erasure !== change.afterErasure) return { outcome: 'erased', index };
    } else if (current?.revision !== change.expectedRevision || current.createdAt !== change.createdAt) {
      return { outcome: 'revision_changed', index, revision: current?.revision };
    }
    if (change.kind === 'delete') continue;
    for (const entry of change.addEntries) {
      if (!entry.unique) continue;
      const taken = tenant.entries
        .holders(entry, undefined, 2)
        .some((holder) => holder !== change.customerId && !removed.has(nameOf(entry, holder)));
      if (taken || added.has(nameOf(entry))) return { outcome: 'entry_taken', index, key: entry.key };
    }
    for (const entry of change.addEntries) if (entry.unique) added.add(nameOf(entry));
  }
  return undefined;
}

/** The entries that the commit removes from their profiles, which its other changes may therefore add. */
function removedEntries(changes: readonly Change[]): Set<string> {
  const removed = new Set<string>();
  for (const change of changes) {
    if (change.kind === 'create' || change.kind === 'index') continue;
    for (const entry of change.removeEntries) removed.add(nameOf(entry, change.customerId));
  }
  return removed;
}

/** Keys, digests and ids contain no U+0000, so distinct entries have distinct names. */
function nameOf(entry: IndexEntry, customerId = ''): string {
  return `${entry.key}\0${entry.digest}\0${customerId}`;
}
