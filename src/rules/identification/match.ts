import type { AttributesDocument, IndexEntry, StoredContent } from '../../model/documents.js';
import type { CompiledKey, CompiledSchema } from '../compiled-schema.js';
import { projectContent } from '../projection.js';
import type { Criterion } from './criteria.js';
import { indexEntry } from './entries.js';
import { comparable, recordsOf, valuesOf } from './key-values.js';

/** The index entry that profiles matching the criteria have. The criteria must cover the key. */
export function entryOf(key: CompiledKey, criteria: readonly Criterion[]): IndexEntry {
  const values = key.attributes.map((attribute) => {
    const criterion = criteria.find((candidate) => candidate.attribute === attribute);
    return comparable(criterion?.value ?? '', key.caseSensitive);
  });
  return indexEntry(key, JSON.stringify(values));
}

/**
 * Whether a stored profile matches all criteria (R18, W6): any value of a multi-valued attribute may match, and one
 * record of an extension must match all criteria on that extension. Attributes of the key are compared by its case
 * rule, all others exactly.
 */
export function matches(
  schema: CompiledSchema,
  key: CompiledKey,
  criteria: readonly Criterion[],
  stored: StoredContent,
): boolean {
  const { attributes, extensions } = projectContent(schema, stored);
  const sources = new Set(criteria.map(({ extension }) => extension));
  return [...sources].every((source) => {
    const applicable = criteria.filter(({ extension }) => extension === source);
    const candidates = source === undefined ? [attributes] : recordsOf(extensions, source.name);
    return candidates.some((candidate) => applicable.every((criterion) => isMet(key, criterion, candidate)));
  });
}

/** Whether matching needs the extensions of a profile. */
export function needsExtensions(criteria: readonly Criterion[]): boolean {
  return criteria.some(({ extension }) => extension !== undefined);
}

function isMet(key: CompiledKey, { attribute, value }: Criterion, candidate: AttributesDocument): boolean {
  const caseSensitive = !key.attributes.includes(attribute) || key.caseSensitive;
  const wanted = comparable(value, caseSensitive);
  return valuesOf(candidate, attribute.name).some((one) => comparable(one, caseSensitive) === wanted);
}
