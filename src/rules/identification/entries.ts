import { hash } from 'node:crypto';
import type { IndexEntry, StoredContent } from '../../model/documents.js';
import type { CheckedRepresentation } from '../check-representation.js';
import type { CompiledKey, CompiledSchema } from '../compiled-schema.js';
import type { ProfileLimits } from '../profile-limits.js';
import { type KnownContent, projectContent } from '../projection.js';
import { type FoldedTexts, hasSameValues, hasTooManyCombinations, keyValues } from './key-values.js';

/** The index entries that a change adds and removes. */
export interface EntryChanges {
  readonly addEntries: readonly IndexEntry[];
  readonly removeEntries: readonly IndexEntry[];
}

const NOTHING: StoredContent = { attributes: {}, extensions: {} };

/**
 * Computes the index entries that a change of a profile adds and removes. Entries of keys on extensions stay as they
 * are if `next` has no extensions (R7).
 *
 * @param current `undefined` for a creation
 * @param next `undefined` for a deletion
 */
export function entryChanges(
  schema: CompiledSchema,
  current: StoredContent | undefined,
  next: StoredContent | undefined,
): EntryChanges {
  const addEntries: IndexEntry[] = [];
  const removeEntries: IndexEntry[] = [];
  const keys = schema.keys.filter(({ extension }) => !extension || !next || next.extensions !== undefined);
  if (keys.length === 0) return { addEntries, removeEntries };
  const before = keyReader(schema, current ?? NOTHING);
  const after = keyReader(schema, next ?? NOTHING);
  const folded: FoldedTexts = new Map();
  for (const key of keys) {
    const [was, is] = [before(key), after(key)];
    if (hasSameValues(key, was, is)) continue;
    const old = keyValues(key, was.attributes, was.extensions, folded);
    const fresh = keyValues(key, is.attributes, is.extensions, folded);
    // Hashes only the entries that change.
    for (const value of fresh) if (!old.has(value)) addEntries.push(indexEntry(key, value));
    for (const value of old) if (!fresh.has(value)) removeEntries.push(indexEntry(key, value));
  }
  return { addEntries, removeEntries };
}

/**
 * The keys that a full replacement decides, and the index entries that a profile has of them afterwards. Without extensions,
 * keys on extensions are not decided (R7).
 */
export function entriesOf(
  schema: CompiledSchema,
  { extensions, combinations }: Pick<CheckedRepresentation, 'extensions' | 'combinations'>,
): { readonly keys: readonly string[]; readonly entries: readonly IndexEntry[] } {
  const keys: string[] = [];
  const entries: IndexEntry[] = [];
  for (const key of schema.keys) {
    if (key.extension && extensions === undefined) continue;
    keys.push(key.index);
    for (const values of combinations.get(key) ?? []) entries.push(indexEntry(key, values));
  }
  return { keys, entries };
}

/** Finds a key for which a profile has more combinations of values than can be indexed, or too long ones (R18). */
export function findOverfullKey(
  schema: CompiledSchema,
  profile: StoredContent,
  { maxKeyCharacters }: ProfileLimits,
): CompiledKey | undefined {
  const contentOf = keyReader(schema, profile);
  return schema.keys.find((key) => hasTooManyCombinations(key, contentOf(key), maxKeyCharacters));
}

/** Returns what each key knows of a profile: what the schema does, unless it has definitions of its own. */
function keyReader(schema: CompiledSchema, content: StoredContent): (key: CompiledKey) => KnownContent {
  const known = projectContent(schema, content, schema.stored);
  return ({ reads }) => (reads ? projectContent(reads, content) : known);
}

/** The index entry of a key for one combination of values, serialized as by {@link keyValues}. */
export function indexEntry({ index, unique }: CompiledKey, values: string): IndexEntry {
  const digest = hash('sha256', `${index}\0${values}`, 'hex');
  return { key: index, digest, unique };
}
