import { hash } from 'node:crypto';
import type { AttributesDocument, ExtensionsDocument, IndexEntry } from '../../model/documents.js';
import type { CompiledKey, CompiledSchema } from '../compiled-schema.js';
import { projectAttributesDocument, projectExtensionsDocument } from '../projection.js';
import { type FoldedTexts, hasSameValues, hasTooManyCombinations, keyValues } from './key-values.js';

/** A profile as far as its index entries depend on it. */
export interface IndexedState {
  readonly attributes: AttributesDocument;
  /** Absent where they were not loaded, or stay as they are. */
  readonly extensions?: ExtensionsDocument | undefined;
}

export interface EntryChanges {
  readonly addEntries: readonly IndexEntry[];
  readonly removeEntries: readonly IndexEntry[];
}

const NOTHING: IndexedState = { attributes: {}, extensions: {} };

/**
 * The index entries that a change of a profile adds and removes. Keys on an extension count only if `next` has
 * extensions; otherwise they stay as they are (R7).
 */
export function entryChanges(
  schema: CompiledSchema,
  current: IndexedState | undefined,
  next: IndexedState | undefined,
): EntryChanges {
  const addEntries: IndexEntry[] = [];
  const removeEntries: IndexEntry[] = [];
  const keys = schema.keys.filter(({ extension }) => !extension || !next || next.extensions !== undefined);
  if (keys.length === 0) return { addEntries, removeEntries };
  const before = asShown(schema, current);
  const after = asShown(schema, next);
  const folded: FoldedTexts = new Map();
  for (const key of keys) {
    if (hasSameValues(key, before, after)) continue;
    const old = keyValues(key, before.attributes, before.extensions, folded);
    const fresh = keyValues(key, after.attributes, after.extensions, folded);
    // Only what changes is hashed.
    for (const value of fresh) if (!old.has(value)) addEntries.push(indexEntry(key, value));
    for (const value of old) if (!fresh.has(value)) removeEntries.push(indexEntry(key, value));
  }
  return { addEntries, removeEntries };
}

/** A key for which a profile has more combinations of values than can be indexed, if there is one. */
export function findOverfullKey(schema: CompiledSchema, profile: IndexedState): CompiledKey | undefined {
  const shown = asShown(schema, profile);
  return schema.keys.find((key) => hasTooManyCombinations(key, shown));
}

/** The entry of a key for one combination of values, as {@link keyValues} writes it. */
export function indexEntry({ index, unique }: CompiledKey, values: string): IndexEntry {
  const digest = hash('sha256', `${index}\0${values}`, 'hex');
  return { key: index, digest, unique };
}

/** Stored documents may have names in the case of an older schema. */
function asShown(
  schema: CompiledSchema,
  { attributes, extensions = {} }: IndexedState = NOTHING,
): Required<IndexedState> & {
  readonly extensions: ExtensionsDocument;
} {
  return {
    attributes: projectAttributesDocument(schema.attributes, attributes),
    extensions: projectExtensionsDocument(schema.stored, extensions),
  };
}
