import type { Change, IndexEntry } from 'dossier/storage';
import type { Values } from '../sql/statement.js';

/** The optimistic-lock token: `created` distinguishes a recreated profile from its predecessor. */
export interface Token {
  readonly revision: number;
  readonly created: string;
}

/** A change as the values of its rows: copied, since the caller may mutate the change while we await. */
export interface CapturedChange {
  readonly kind: Change['kind'];
  readonly customerId: string;
  readonly schemaVersion: number;
  /** Absent if the profile must not exist. */
  readonly expected?: Token | undefined;
  /** Of a creation: the erasure whose customer ids it may use again. */
  readonly afterErasure?: string | undefined;
  /** What the row becomes; of an `index` change nothing. */
  readonly content: Content;
  /** What its line says, beside the metadata; absent if it has none. */
  readonly line?: Values | undefined;
  readonly added: readonly EntryRow[];
  readonly removed: readonly EntryRow[];
}

export interface Content extends Values {
  /** The timestamp of the change. */
  readonly at?: string | undefined;
}

export type EntryRow = Readonly<Record<'id' | 'key' | 'digest' | 'plain', string>>;

export function capture(change: Change): CapturedChange {
  const { kind, customerId, schemaVersion } = change;
  return {
    kind,
    customerId,
    schemaVersion,
    expected: kind === 'create' ? undefined : { revision: change.expectedRevision, created: change.createdAt },
    afterErasure: kind === 'create' ? change.afterErasure : undefined,
    content: contentOf(change),
    line: lineOf(change),
    added: kind === 'delete' ? [] : change.addEntries.map((entry) => entryRow(customerId, entry)),
    removed: 'removeEntries' in change ? change.removeEntries.map((entry) => entryRow(customerId, entry)) : [],
  };
}

function contentOf(change: Change): Content {
  if (change.kind === 'index') return {};
  const { operation, actor, reason, counterpart } = change.metadata;
  const made = { operation, actor, reason, counterpart, at: change.at };
  // A deletion has no content, but the columns of these documents take no nulls.
  if (change.kind === 'delete') return { ...made, attributes: '{}', extensions: '{}' };
  const { segment, attributes, extensions, residual } = change;
  return {
    ...made,
    segment,
    attributes: JSON.stringify(attributes),
    extensions: extensions && JSON.stringify(extensions),
    residual: residual && JSON.stringify(residual),
    canonical: change.canonical ? change.schemaVersion : undefined,
  };
}

export function lineOf(change: Change): Values | undefined {
  if (change.kind === 'index' || change.line === undefined) return undefined;
  const { origin, changed } = change.line;
  return { origin, changed: JSON.stringify(changed), deleted: change.kind === 'delete' ? 1 : 0 };
}

export function entryRow(id: string, { key, digest, unique }: IndexEntry): EntryRow {
  return { id, key, digest, plain: unique ? '' : id };
}

export function isUnique({ plain }: EntryRow): boolean {
  return plain === '';
}

/** Unambiguous, since a digest has no spaces. */
export function nameOf({ key, digest }: Pick<EntryRow, 'key' | 'digest'>): string {
  return `${digest} ${key}`;
}
