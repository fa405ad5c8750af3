import type { Change, StoredProfile, StoredSchema } from 'dossier/storage';
import { copyDocument } from './copy-document.js';
import { EntryIndex } from './entry-index.js';
import { SortedIds } from './sorted-ids.js';

/** Immutable: a change stores a new object. */
type ProfileState = StoredProfile & Required<Pick<StoredProfile, 'extensions'>>;

/** The data of one tenant. */
export class TenantStore {
  schema: { readonly version: number; readonly schema: StoredSchema } | undefined;
  readonly entries = new EntryIndex();
  readonly customerIds = new SortedIds();
  readonly #profiles = new Map<string, ProfileState>();

  /** The optimistic-lock token of a profile. */
  lockTokenOf(customerId: string): Pick<StoredProfile, 'revision' | 'createdAt'> | undefined {
    return this.#profiles.get(customerId);
  }

  /** A defensive copy: the caller may mutate it. */
  read(customerId: string, withExtensions: boolean): StoredProfile | undefined {
    const state = this.#profiles.get(customerId);
    if (state === undefined) return undefined;
    const { revision, segment, attributes, extensions, createdAt, updatedAt } = state;
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

  /** The profiles with these ids; leaves out those that do not exist. */
  readAll(customerIds: readonly string[], withExtensions: boolean): StoredProfile[] {
    return customerIds.flatMap((customerId) => this.read(customerId, withExtensions) ?? []);
  }

  /** Applies changes that have no conflict. */
  apply(changes: readonly Change[]): void {
    // Removes first, so that one change may add an entry that another change of the commit removes.
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
