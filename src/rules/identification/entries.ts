import { hash } from 'node:crypto';
import type { AttributesDocument, ExtensionsDocument, IndexEntry, StoredContent } from '../../model/documents.js';
import type { CompiledKey, CompiledSchema } from '../compiled-schema.js';
import type { ProfileLimits } from '../profile-limits.js';
import { byFoldedName, type KnownContent, projectContent } from '../projection.js';
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
  const before = projectContent(schema, current ?? NOTHING, schema.stored);
  const after = projectContent(schema, next ?? NOTHING, schema.stored);
  const folded: FoldedTexts = new Map();
  const indexed = current && withIndexedValues(schema, current, before);
  for (const key of keys) {
    const isAsIndexed = indexed === undefined || indexed === before || key.extension !== undefined;
    if (isAsIndexed && hasSameValues(key, before, after)) continue;
    const old = keyValues(key, before.attributes, before.extensions, folded);
    const held = isAsIndexed ? old : keyValues(key, indexed.attributes, indexed.extensions, folded);
    const fresh = keyValues(key, after.attributes, after.extensions, folded);
    // Hashes only the entries that change.
    for (const value of fresh) if (!old.has(value)) addEntries.push(indexEntry(key, value));
    for (const value of held) if (!fresh.has(value)) removeEntries.push(indexEntry(key, value));
  }
  return { addEntries, removeEntries };
}

/**
 * The keys that a full replacement decides, and the index entries that a profile has of them afterwards. Without extensions,
 * keys on extensions are not decided (R7).
 */
export function entriesOf(
  schema: CompiledSchema,
  {
    attributes,
    extensions,
  }: { readonly attributes: AttributesDocument; readonly extensions?: ExtensionsDocument | undefined },
): { readonly keys: readonly string[]; readonly entries: readonly IndexEntry[] } {
  const decided = schema.keys.filter(({ extension }) => !extension || extensions !== undefined);
  const folded: FoldedTexts = new Map();
  const entries: IndexEntry[] = [];
  for (const key of decided) {
    for (const values of keyValues(key, attributes, extensions ?? {}, folded)) entries.push(indexEntry(key, values));
  }
  return { keys: decided.map(({ index }) => index), entries };
}

/** Finds a key for which a profile has more combinations of values than can be indexed, or too long ones (R18). */
export function findOverfullKey(
  schema: CompiledSchema,
  profile: StoredContent,
  { maxKeyCharacters }: ProfileLimits,
): CompiledKey | undefined {
  const state = projectContent(schema, profile, schema.stored);
  return schema.keys.find((key) => hasTooManyCombinations(key, state, maxKeyCharacters));
}

/** The index entry of a key for one combination of values, serialized as by {@link keyValues}. */
export function indexEntry({ index, unique }: CompiledKey, values: string): IndexEntry {
  const digest = hash('sha256', `${index}\0${values}`, 'hex');
  return { key: index, digest, unique };
}

/**
 * Adds the values that have become residual, because their attribute is no longer multi-valued: they are indexed from the
 * time before, and must not stay so once they are gone (R18, R23).
 */
function withIndexedValues(schema: CompiledSchema, stored: StoredContent, known: KnownContent): KnownContent {
  if (known.attributes === stored.attributes) return known;
  const values = byFoldedName(stored.attributes);
  const lists = schema.attributes.inOrder.flatMap(({ name, storedNames, multiValued }) => {
    const standing = multiValued ? [] : storedNames.map((stored) => values.get(stored));
    const list = standing.find(Array.isArray);
    return list === undefined ? [] : [[name, list] as const];
  });
  return lists.length === 0 ? known : { ...known, attributes: { ...known.attributes, ...Object.fromEntries(lists) } };
}
