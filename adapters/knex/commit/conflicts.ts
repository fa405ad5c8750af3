import type { Change, CommitResult, IndexEntry } from 'dossier/storage';
import { schemaVersionOf } from '../sql/rows.js';
import type { Row } from '../sql/statement.js';

/** The optimistic-lock token: `created` distinguishes a recreated profile from its predecessor. */
interface Token {
  readonly revision: number;
  readonly created: string;
}

/** What a change requires of the storage. */
export interface Precondition {
  readonly customerId: string;
  readonly schemaVersion: number;
  /** Absent if the profile must not exist. */
  readonly expected?: Token | undefined;
  /** The unique entries that the change adds. */
  readonly entries: readonly IndexEntry[];
  /** The entries that the change removes. */
  readonly released: readonly IndexEntry[];
}

export function preconditionOf(change: Change): Precondition {
  const { customerId, schemaVersion } = change;
  return {
    customerId,
    schemaVersion,
    expected: change.kind === 'create' ? undefined : { revision: change.expectedRevision, created: change.createdAt },
    entries: change.kind === 'delete' ? [] : change.addEntries.filter((entry) => entry.unique).map(copy),
    released: 'removeEntries' in change ? change.removeEntries.map(copy) : [],
  };
}

/** A snapshot of everything that a commit may conflict with. */
export class Conflicts {
  readonly schemaVersion: number | undefined;
  /** By customer id. */
  readonly #profiles = new Map<string, Token>();
  /** The customer ids of the profiles that have unique entries, by {@link nameOf}. */
  readonly #owners = new Map<string, string>();

  /** @param rows as of {@link WriteStatements.conflicts} */
  constructor(rows: readonly Row[]) {
    this.schemaVersion = schemaVersionOf(rows.find(([version]) => version !== null));
    for (const [, id, revision, created, name, digest] of rows) {
      if (id === null) continue;
      if (name === null) this.#profiles.set(String(id), { revision: Number(revision), created: String(created) });
      else this.#owners.set(nameOf({ key: String(name), digest: String(digest) }), String(id));
    }
  }

  /** Whether all unique entries to add belong to the profiles that add them. */
  entriesOwned(preconditions: readonly Precondition[]): boolean {
    return preconditions.every(({ entries, customerId }) =>
      entries.every((entry) => this.#owners.get(nameOf(entry)) === customerId),
    );
  }

  /** The first conflict, in the order of precedence that the port defines; `undefined` if there is none. */
  first(preconditions: readonly Precondition[]): CommitResult | undefined {
    const { schemaVersion } = this;
    if (preconditions.some((precondition) => precondition.schemaVersion !== schemaVersion))
      return { outcome: 'schema_changed', schemaVersion };
    const owners = this.#ownersAfterRelease(preconditions);
    for (const [index, { customerId, expected, entries }] of preconditions.entries()) {
      const current = this.#profiles.get(customerId);
      if (current?.revision !== expected?.revision || current?.created !== expected?.created) {
        return expected === undefined
          ? { outcome: 'id_taken', index }
          : { outcome: 'revision_changed', index, revision: current?.revision };
      }
      for (const entry of entries) {
        const owner = owners.get(nameOf(entry)) ?? customerId;
        if (owner !== customerId) return { outcome: 'entry_taken', index, key: entry.key };
        owners.set(nameOf(entry), owner);
      }
    }
    return undefined;
  }

  #ownersAfterRelease(preconditions: readonly Precondition[]): Map<string, string> {
    const owners = new Map(this.#owners);
    for (const { customerId, released } of preconditions) {
      for (const entry of released) if (owners.get(nameOf(entry)) === customerId) owners.delete(nameOf(entry));
    }
    return owners;
  }
}

function copy({ key, digest, unique }: IndexEntry): IndexEntry {
  return { key, digest, unique };
}

/** Unambiguous, since a digest has no spaces. */
function nameOf({ key, digest }: Pick<IndexEntry, 'key' | 'digest'>): string {
  return `${digest} ${key}`;
}
