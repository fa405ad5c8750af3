import type { AttributesDocument, ExtensionsDocument, IndexEntry } from '../../model/documents.js';
import type { CompiledKey, CompiledSchema } from '../compiled-schema.js';
import { projectAttributesDocument, projectExtensionsDocument } from '../projection.js';
import type { Criterion } from './criteria.js';
import { indexEntry } from './entries.js';
import { comparable, recordsOf, valuesOf } from './key-values.js';

/** The index entry under which a key finds what is asked for; the criteria must cover the key. */
export function entryOf(key: CompiledKey, criteria: readonly Criterion[]): IndexEntry {
  const values = key.attributes.map((attribute) => {
    const criterion = criteria.find((candidate) => candidate.attribute === attribute);
    return comparable(criterion?.value ?? '', key.caseSensitive);
  });
  return indexEntry(key, JSON.stringify(values));
}

/**
 * Whether a stored profile is what is asked for: each criterion is met, by any value of a multi-valued attribute, and
 * all those on one extension by the same record (R18, W6). Attributes of the key are compared by its case rule, others
 * exactly.
 */
export function matches(
  schema: CompiledSchema,
  key: CompiledKey,
  criteria: readonly Criterion[],
  stored: { readonly attributes: AttributesDocument; readonly extensions?: ExtensionsDocument | undefined },
): boolean {
  const attributes = projectAttributesDocument(schema.attributes, stored.attributes);
  const extensions = projectExtensionsDocument(schema, stored.extensions ?? {});
  const sources = new Set(criteria.map(({ extension }) => extension));
  return [...sources].every((source) => {
    const asked = criteria.filter(({ extension }) => extension === source);
    const candidates = source === undefined ? [attributes] : recordsOf(extensions, source.name);
    return candidates.some((candidate) => asked.every((criterion) => isMet(key, criterion, candidate)));
  });
}

/** Whether the extensions must be loaded to tell whether a profile matches. */
export function needsExtensions(criteria: readonly Criterion[]): boolean {
  return criteria.some(({ extension }) => extension !== undefined);
}

function isMet(key: CompiledKey, { attribute, value }: Criterion, candidate: AttributesDocument): boolean {
  const caseSensitive = !key.attributes.includes(attribute) || key.caseSensitive;
  const wanted = comparable(value, caseSensitive);
  return valuesOf(candidate, attribute.name).some((one) => comparable(one, caseSensitive) === wanted);
}
