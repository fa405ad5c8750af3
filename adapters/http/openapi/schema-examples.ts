import type { AttributeDefinition, ExtensionDefinition, Schema } from 'dossier';
import type { JsonObject } from '../json-body.js';

/** How many attributes that may be left out an example shows. A schema may have thousands. */
const MAX_OPTIONAL = 20;

const VALUES: Readonly<Record<Exclude<AttributeDefinition['type'], 'string'>, unknown>> = {
  boolean: true,
  integer: 1,
  long: 1,
  double: 1.5,
  currency: '9.99',
  date: '2024-02-29',
  datetime: '2024-02-29T12:00:00.000Z',
};

/** Values for all mandatory attributes and the first others. */
export function exampleAttributes(definitions: readonly AttributeDefinition[]): JsonObject {
  const optional = definitions.filter(({ mandatory }) => !mandatory).slice(0, MAX_OPTIONAL);
  const shown = definitions.filter((definition) => definition.mandatory || optional.includes(definition));
  return Object.fromEntries(shown.map((definition) => [definition.name, exampleValue(definition)]));
}

/** A record, in a list where there may be several. */
export function exampleExtension({ type, attributes }: ExtensionDefinition): unknown {
  const record = exampleAttributes(attributes);
  return type === 'multi-valued' ? [record] : record;
}

/** Search criteria by the first identification key; `undefined` if there is none. */
export function exampleCriteria({ attributes, extensions, identificationKeys }: Schema): JsonObject | undefined {
  const [key] = identificationKeys;
  if (key === undefined) return undefined;
  const extension = extensions.find(({ name }) => name === key.source);
  const definitions = extension?.attributes ?? attributes;
  const prefix = extension ? `${extension.name}.` : '';
  const criteria = definitions
    .filter(({ name }) => key.attributes.includes(name))
    .map((definition) => [`${prefix}${definition.name}`, String([exampleValue(definition)].flat()[0])]);
  return Object.fromEntries(criteria);
}

function exampleValue(definition: AttributeDefinition): unknown {
  const { default: fallback, multiValued } = definition;
  if (fallback !== undefined) return fallback;
  const value = singleValue(definition);
  return multiValued ? [value] : value;
}

function singleValue({ name, type, length }: AttributeDefinition): unknown {
  // Names are ASCII, so a slice has whole characters.
  return type === 'string' ? `some ${name}`.slice(0, length) : VALUES[type];
}
