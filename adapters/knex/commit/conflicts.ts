import type { CommitResult } from 'dossier/storage';
import { schemaVersionOf } from '../sql/rows.js';
import type { Row } from '../sql/statement.js';
import { type CapturedChange, type EntryRow, isUnique } from './captured-change.js';
import type { FoundRow } from './row-change.js';

/** A snapshot of everything that a commit may conflict with. */
export class Conflicts {
  readonly schemaVersion: number | undefined;
  /** By customer id. */
  readonly found = new Map<string, FoundRow>();
  /** The customer ids of the profiles that have unique entries, by {@link nameOf}. */
  readonly #owners = new Map<string, string>();

  /** @param rows as of {@link WriteStatements.conflicts} */
  constructor(rows: readonly Row[]) {
    this.schemaVersion = schemaVersionOf(rows.find(([version]) => version !== null));
    for (const [, id, revision, created, updated, deleted, kept, erasure, name, digest] of rows) {
      if (id === null) continue;
      if (name !== null) this.#owners.set(nameOf({ key: String(name), digest: String(digest) }), String(id));
      else {
        this.found.set(String(id), {
          revision: Number(revision),
          created: String(created),
          updated: String(updated),
          deleted: Number(deleted) === 1,
          kept: Number(kept) === 1,
          erasure: erasure === null ? undefined : String(erasure),
        });
      }
    }
  }

  /** Whether all unique entries to add belong to the profiles that add them. */
  entriesOwned(changes: readonly CapturedChange[]): boolean {
    return changes.every(({ added, customerId }) =>
      added.filter(isUnique).every((entry) => this.#owners.get(nameOf(entry)) === customerId),
    );
  }

  /** The first conflict, in the order of precedence that the port defines; `undefined` if there is none. */
  first(changes: readonly CapturedChange[]): CommitResult | undefined {
    const { schemaVersion } = this;
    if (changes.some((change) => change.schemaVersion !== schemaVersion)) {
      return { outcome: 'schema_changed', schemaVersion };
    }
    const owners = this.#ownersAfterRelease(changes);
    for (const [index, { customerId, expected, afterErasure, added }] of changes.entries()) {
      const current = this.#profile(customerId);
      if (current?.revision !== expected?.revision || current?.created !== expected?.created) {
        return expected === undefined
          ? { outcome: 'id_taken', index }
          : { outcome: 'revision_changed', index, revision: current?.revision };
      }
      const erasure = expected === undefined ? this.found.get(customerId)?.erasure : undefined;
      if (erasure !== undefined && erasure !== afterErasure) return { outcome: 'erased', index };
      for (const entry of added.filter(isUnique)) {
        const owner = owners.get(nameOf(entry)) ?? customerId;
        if (owner !== customerId) return { outcome: 'entry_taken', index, key: entry.key };
        owners.set(nameOf(entry), owner);
      }
    }
    return undefined;
  }

  #profile(customerId: string): FoundRow | undefined {
    const row = this.found.get(customerId);
    return row?.deleted ? undefined : row;
  }

  #ownersAfterRelease(changes: readonly CapturedChange[]): Map<string, string> {
    const owners = new Map(this.#owners);
    for (const { customerId, removed } of changes) {
      for (const entry of removed) if (owners.get(nameOf(entry)) === customerId) owners.delete(nameOf(entry));
    }
    return owners;
  }
}

/** Unambiguous, since a digest has no spaces. */
function nameOf({ key, digest }: Pick<EntryRow, 'key' | 'digest'>): string {
  return `${digest} ${key}`;
}
