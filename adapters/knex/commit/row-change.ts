import type { Values } from '../sql/statement.js';
import type { CapturedChange, Token } from './captured-change.js';

/** What a commit does to the row of one customer id. */
export interface RowChange {
  readonly write: 'insertProfiles' | 'updateProfiles' | 'deleteProfiles' | 'lockProfiles';
  /** The values for the columns of that batch. */
  readonly row: Values;
  /** The revision afterwards. */
  readonly revision: number;
}

/** The row of a customer id, as an attempt has met it. */
export interface FoundRow extends Token {
  readonly updated: string;
  /** Whether it is the deletion of a profile. */
  readonly deleted: boolean;
  /** Whether it has former states, or lines in the feed. */
  readonly kept: boolean;
  /** The erasure by which the customer id is erased. */
  readonly erasure: string | undefined;
}

/** @param keeps whether the deletion of a profile is kept, which it is anyway if former states or lines are */
export function rowChange(change: CapturedChange, found: FoundRow | undefined, keeps: boolean): RowChange {
  const { kind, customerId: id, expected } = change;
  if (expected === undefined) return creation(change, found);
  const { revision, created } = expected;
  const profile = { id, revision, created };
  if (kind === 'index') return { write: 'lockProfiles', row: profile, revision };
  if (kind === 'delete' && !keeps && !found?.kept) {
    return { write: 'deleteProfiles', row: profile, revision: revision + 1 };
  }
  return {
    write: 'updateProfiles',
    row: {
      ...profile,
      ...change.content,
      was_deleted: 0,
      next_created: created,
      deleted: kind === 'delete' ? 1 : 0,
    },
    revision: revision + 1,
  };
}

/** A creation goes on with the row of a deleted profile, if there is one. */
function creation({ customerId: id, content }: CapturedChange, found: FoundRow | undefined): RowChange {
  if (!found?.deleted) return { write: 'insertProfiles', row: { id, ...content }, revision: 1 };
  const { revision, created, updated } = found;
  const { at = updated } = content;
  return {
    write: 'updateProfiles',
    // The timestamps of an id never decrease, although the clocks of two servers may differ.
    row: {
      ...content,
      ...{ id, revision, created, was_deleted: 1 },
      ...{ next_created: at, at: [at, updated].sort().at(-1), deleted: 0 },
    },
    revision: revision + 1,
  };
}
