import type { Change, CommitResult, IndexEntry } from 'dossier';
import { schemaVersionOf } from '../sql/rows.js';
import type { Row } from '../sql/statement.js';

/** By what a profile is known to be as it was. */
interface State {
  readonly revision: number;
  readonly created: string;
}

/** What a change relies on, taken down at the moment it was handed over. */
export interface Claim {
  readonly customerId: string;
  readonly schemaVersion: number;
  /** Absent when the id must be free. */
  readonly expected?: State | undefined;
  /** The unique entries that it adds. */
  readonly entries: readonly IndexEntry[];
  /** The entries that it gives up. */
  readonly released: readonly IndexEntry[];
}

export function claimOf(change: Change): Claim {
  const { customerId, schemaVersion } = change;
  return {
    customerId,
    schemaVersion,
    expected: change.kind === 'create' ? undefined : { revision: change.expectedRevision, created: change.createdAt },
    entries: change.kind === 'delete' ? [] : change.addEntries.filter((entry) => entry.unique).map(copy),
    released: 'removeEntries' in change ? change.removeEntries.map(copy) : [],
  };
}

/** What the storage holds of all that a commit may collide with, as it stood at one instant. */
export class CommitObstacles {
  readonly schemaVersion: number | undefined;
  /** By customer id. */
  readonly #profiles = new Map<string, State>();
  /** The profiles that have unique entries, by the name of the entry. */
  readonly #owners = new Map<string, string>();

  /** @param rows that the statement `obstacles` answered */
  constructor(rows: readonly Row[]) {
    this.schemaVersion = schemaVersionOf(rows.find(([version]) => version !== null));
    for (const [, id, revision, created, name, digest] of rows) {
      if (id === null) continue;
      if (name === null) this.#profiles.set(String(id), { revision: Number(revision), created: String(created) });
      else this.#owners.set(nameOf({ key: String(name), digest: String(digest) }), String(id));
    }
  }

  /** Whether all unique entries that the changes add belong to the profiles that add them. */
  entriesOwned(claims: readonly Claim[]): boolean {
    return claims.every(({ entries, customerId }) =>
      entries.every((entry) => this.#owners.get(nameOf(entry)) === customerId),
    );
  }

  /** What stands in the way, in the order of precedence that the port gives; `undefined` when nothing does. */
  first(claims: readonly Claim[]): CommitResult | undefined {
    const { schemaVersion } = this;
    if (claims.some((claim) => claim.schemaVersion !== schemaVersion))
      return { outcome: 'schema_moved', schemaVersion };
    const owners = this.#ownersAfter(claims);
    for (const [index, { customerId, expected, entries }] of claims.entries()) {
      const current = this.#profiles.get(customerId);
      if (current?.revision !== expected?.revision || current?.created !== expected?.created) {
        return expected === undefined
          ? { outcome: 'id_taken', index }
          : { outcome: 'revision_moved', index, revision: current?.revision };
      }
      for (const entry of entries) {
        const owner = owners.get(nameOf(entry)) ?? customerId;
        if (owner !== customerId) return { outcome: 'entry_taken', index, key: entry.key };
        owners.set(nameOf(entry), owner);
      }
    }
    return undefined;
  }

  /** Who has which unique entry once the changes have given up theirs. */
  #ownersAfter(claims: readonly Claim[]): Map<string, string> {
    const owners = new Map(this.#owners);
    for (const { customerId, released } of claims) {
      for (const entry of released) if (owners.get(nameOf(entry)) === customerId) owners.delete(nameOf(entry));
    }
    return owners;
  }
}

function copy({ key, digest, unique }: IndexEntry): IndexEntry {
  return { key, digest, unique };
}

/** A digest has no spaces, so that different parts never make the same name. */
function nameOf({ key, digest }: Pick<IndexEntry, 'key' | 'digest'>): string {
  return `${digest} ${key}`;
}
