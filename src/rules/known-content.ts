import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';
import type { Attributes, AttributeValue, ExtensionRecord, Extensions, ScalarValue } from '../model/profile.js';
import type { CompiledAttribute, CompiledAttributes, CompiledSchema } from './compiled-schema.js';
import { findByName } from './names.js';
import { projectAttributesForView, projectExtensionsDocument } from './projection.js';
import { valueCheck } from './values/index.js';

/** A representation of the whole profile. */
export interface KnownContent {
  readonly attributes: Attributes;
  readonly extensions: Extensions;
}

/**
 * What a schema knows of a state that was stored by another one: the attributes and extensions that it declares, where
 * their values fit. Values fit by type and multiplicity alone: a constraint that they break is for a check to report.
 */
export function knownContent(
  schema: CompiledSchema,
  stored: { readonly attributes: AttributesDocument; readonly extensions?: ExtensionsDocument | undefined },
): KnownContent {
  const attributes = fittingAttributes(schema.attributes, projectAttributesForView(schema, stored.attributes));
  const extensions: Extensions = {};
  const records = new Map(Object.entries(projectExtensionsDocument(schema, stored.extensions ?? {})));
  for (const { name, multiValued, attributes: declared } of schema.extensions) {
    const known = (records.get(name) ?? []).map((record) => fittingAttributes(declared, record) as ExtensionRecord);
    const [only, ...others] = known;
    if (multiValued) extensions[name] = known;
    else if (only && others.length === 0) extensions[name] = only;
  }
  return { attributes, extensions };
}

function fittingAttributes(declared: CompiledAttributes, values: AttributesDocument): Attributes {
  const fitting: Attributes = {};
  for (const [name, value] of Object.entries(values)) {
    const attribute = findByName(declared.byName, name);
    const fit = attribute && fitOf(attribute, value);
    if (fit !== undefined) fitting[name] = fit;
  }
  return fitting;
}

/** The value in the form of its attribute; `undefined` if it does not fit. A list fits whole or not at all. */
function fitOf({ type, multiValued }: CompiledAttribute, value: AttributeValue): AttributeValue | undefined {
  const { accept } = valueCheck(type, Number.POSITIVE_INFINITY);
  const list: readonly ScalarValue[] = Array.isArray(value) ? value : [value];
  if (!list.every((one) => accept(one) !== undefined)) return undefined;
  if (multiValued) return [...list];
  return list.length === 1 ? list[0] : undefined;
}
