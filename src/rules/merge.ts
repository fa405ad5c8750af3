import type { AttributesDocument, ExtensionsDocument, StoredContent } from '../model/documents.js';
import type { Attributes, AttributeValue, ExtensionRecord } from '../model/profile.js';
import { type Violation, Violations } from '../model/violation.js';
import type { CompiledSchema } from './compiled-schema.js';
import { joinRecords } from './extension-records.js';
import { checkCombinations, recordsOf, valuesOf } from './identification/key-values.js';
import { NO_PROFILE_LIMITS, type ProfileLimits } from './profile-limits.js';
import { type KnownContent, projectContent } from './projection.js';

/** The decision about a merge. */
export type Merge =
  /** The next state of the destination. */
  | { readonly kind: 'merged'; readonly attributes: AttributesDocument; readonly extensions: ExtensionsDocument }
  /**
   * The merged profile would break a rule, although neither profile does: it would have too many combinations (R18),
   * values or records (R24).
   */
  | { readonly kind: 'refused'; readonly violations: readonly Violation[] }
  /** The extensions in which records of the two profiles conflict. */
  | { readonly kind: 'conflict'; readonly extensions: readonly string[] };

/** What of a stored profile takes part in a merge. A step of its own, since each may have a megabyte of values. */
export function mergeableContent(schema: CompiledSchema, stored: StoredContent): KnownContent {
  return projectContent(schema, stored, schema.stored);
}

/**
 * Decides a merge of a source profile into a destination (W11). The destination keeps its attributes and receives those
 * that it lacks. Values of multi-valued attributes are joined without duplicates, its own first. Records are joined by
 * their unique attributes. If records conflict, the merge is refused, or, with `force`, those of the source win.
 *
 * @param before what {@link mergeableContent} answers for the destination
 * @param other the same for the source
 */
export function decideMerge(
  schema: CompiledSchema,
  before: KnownContent,
  other: KnownContent,
  force: boolean,
  { maxKeyCharacters }: ProfileLimits = NO_PROFILE_LIMITS,
): Merge {
  const extensions: Record<string, readonly ExtensionRecord[]> = {};
  const conflicts: string[] = [];
  for (const extension of schema.stored.extensions) {
    const own = recordsOf(before.extensions, extension.name) as readonly ExtensionRecord[];
    // A draining extension accepts no new records. The destination keeps those that it has.
    const added = extension.draining ? [] : (recordsOf(other.extensions, extension.name) as readonly ExtensionRecord[]);
    const { records, overridden } = joinRecords(extension, own, added);
    if (overridden) conflicts.push(extension.name);
    if (records.length > 0) extensions[extension.name] = records;
  }
  if (conflicts.length > 0 && !force) return { kind: 'conflict', extensions: conflicts };
  const attributes = joinAttributes(before.attributes, other.attributes);
  const violations = new Violations();
  checkCounts(schema, before, other, { attributes, extensions }, violations);
  checkCombinations(schema, { attributes, extensions }, maxKeyCharacters, violations);
  if (violations.count > 0) return { kind: 'refused', violations: violations.items };
  return { kind: 'merged', attributes, extensions };
}

/**
 * Reports where the merge makes more values or records than there may be (R24). What is too many in one of the profiles
 * already is kept as it is, like values of an older schema (R16).
 */
function checkCounts(
  schema: CompiledSchema,
  one: KnownContent,
  other: KnownContent,
  merged: KnownContent,
  violations: Violations,
): void {
  for (const { name, items } of schema.attributes.inOrder) {
    const count = ({ attributes }: KnownContent) => valuesOf(attributes, name).length;
    if (items && count(merged) > Math.max(items.most, count(one), count(other))) {
      violations.add('', 'R24', `at most ${items.most} values of ${name} in the merged profile (\`maxItems\`)`);
    }
  }
  for (const { name, maxRecords } of schema.extensions) {
    const count = ({ extensions }: KnownContent) => recordsOf(extensions, name).length;
    if (maxRecords !== undefined && count(merged) > Math.max(maxRecords, count(one), count(other))) {
      violations.add('', 'R24', `at most ${maxRecords} records of ${name} in the merged profile (\`maxRecords\`)`);
    }
  }
}

function joinAttributes(destination: Attributes, source: Attributes): Attributes {
  const joined = new Map<string, AttributeValue>(Object.entries(destination));
  for (const [name, value] of Object.entries(source)) {
    const own = joined.get(name);
    if (own === undefined) joined.set(name, value);
    else if (Array.isArray(own)) {
      const values = new Set(own);
      for (const one of Array.isArray(value) ? value : [value]) values.add(one);
      joined.set(name, [...values]);
    }
  }
  return Object.fromEntries(joined);
}
