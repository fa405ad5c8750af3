import type { Change, StoredProfile, StoredSchema } from 'dossier/storage';
import { copyDocument } from './copy-document.js';
import { EntryIndex } from './entry-index.js';
import { SortedIds } from './sorted-ids.js';

/** A profile as kept: never changed, only replaced by its next state. */
type KeptProfile = StoredProfile & Required<Pick<StoredProfile, 'extensions'>>;

/** Everything that is kept for one tenant. */
export class TenantStore {
  schema: { readonly version: number; readonly schema: StoredSchema } | undefined;
  readonly entries = new EntryIndex();
  readonly customerIds = new SortedIds();
  readonly #profiles = new Map<string, KeptProfile>();

  /** By what a change knows a profile. */
  stateOf(customerId: string): Pick<StoredProfile, 'revision' | 'createdAt'> | undefined {
    return this.#profiles.get(customerId);
  }

  /** A copy for the caller, who may change it. */
  read(customerId: string, withExtensions: boolean): StoredProfile | undefined {
    const kept = this.#profiles.get(customerId);
    if (kept === undefined) return undefined;
    const { revision, segment, attributes, extensions, createdAt, updatedAt } = kept;
    return {
      customerId,
      revision,
      segment,
      attributes: copyDocument(attributes),
      extensions: withExtensions ? copyDocument(extensions) : undefined,
      createdAt,
      updatedAt,
    };
  }

  /** The same for a list of ids, leaving out those that are not there. */
  readAll(customerIds: readonly string[], withExtensions: boolean): StoredProfile[] {
    return customerIds.flatMap((customerId) => this.read(customerId, withExtensions) ?? []);
  }

  /** Carries out changes in whose way nothing stands. */
  apply(changes: readonly Change[]): void {
    // Entries are given up first, so that one change may take what another of the same commit gives up.
    for (const change of changes) {
      if (change.kind === 'create' || change.kind === 'index') continue;
      for (const entry of change.removeEntries) this.entries.remove(entry, change.customerId);
    }
    for (const change of changes) {
      this.#applyToProfile(change);
      if (change.kind === 'delete') continue;
      for (const entry of change.addEntries) this.entries.add(entry, change.customerId);
    }
  }

  #applyToProfile(change: Change): void {
    const { customerId } = change;
    if (change.kind === 'create') {
      const { segment, at } = change;
      const attributes = copyDocument(change.attributes);
      const extensions = copyDocument(change.extensions);
      this.#profiles.set(customerId, {
        customerId,
        revision: 1,
        segment,
        attributes,
        extensions,
        createdAt: at,
        updatedAt: at,
      });
      this.customerIds.add(customerId);
    } else if (change.kind === 'update') {
      const current = this.#profiles.get(customerId);
      if (current === undefined) return;
      this.#profiles.set(customerId, {
        customerId,
        revision: current.revision + 1,
        segment: change.segment ?? current.segment,
        attributes: copyDocument(change.attributes),
        extensions: change.extensions === undefined ? current.extensions : copyDocument(change.extensions),
        createdAt: current.createdAt,
        updatedAt: change.at,
      });
    } else if (change.kind === 'delete') {
      this.#profiles.delete(customerId);
      this.customerIds.delete(customerId);
    }
  }
}
