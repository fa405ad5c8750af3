import type { Change, ProfilePage, StoredProfile, StoredSchema } from 'dossier/storage';
import { copyDocument } from './copy-document.js';
import { documentLength } from './document-length.js';
import { EntryIndex } from './entry-index.js';
import { SortedIds } from './sorted-ids.js';

/** A page is full when its documents have this many characters of JSON: as copies, they take memory of their own. */
const MAX_PAGE_LENGTH = 8 * 1024 * 1024;

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

  /** The first profiles with these ids, at most `limit`, and fewer where they are large. */
  readPage(customerIds: readonly string[], limit: number, withExtensions: boolean): ProfilePage {
    const profiles: StoredProfile[] = [];
    let length = 0;
    let read = 0;
    for (const customerId of customerIds.slice(0, limit)) {
      if (length >= MAX_PAGE_LENGTH) break;
      read++;
      const profile = this.read(customerId, withExtensions);
      if (profile === undefined) continue;
      profiles.push(profile);
      length += documentLength(profile.attributes) + documentLength(profile.extensions);
    }
    return { profiles, more: read < customerIds.length };
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
