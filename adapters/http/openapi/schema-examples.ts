import type { AttributeDefinition, ExtensionDefinition, Schema } from 'dossier';
import type { JsonObject } from '../request-body.js';

/** How many attributes that may be left out an example shows. A schema may have thousands. */
const MAX_OPTIONAL = 20;

const TEXTS: Readonly<Record<NonNullable<AttributeDefinition['format']>, string>> = {
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '123e4567-e89b-12d3-a456-426614174000',
  phone: '+4930123456',
  language: 'en',
  country: 'DE',
  'currency-code': 'EUR',
  timezone: 'Europe/Berlin',
};

const VALUES: Readonly<Record<Exclude<AttributeDefinition['type'], 'string'>, unknown>> = {
  boolean: true,
  integer: 1,
  long: 1,
  double: 1.5,
  currency: '9.99',
  date: '2024-02-29',
  datetime: '2024-02-29T12:00:00.000Z',
};

/** Values for all mandatory attributes and the first others of which there can be an example. */
export function exampleAttributes(definitions: readonly AttributeDefinition[]): JsonObject {
  const optional = definitions
    .filter((definition) => !definition.mandatory && isExemplifiable(definition))
    .slice(0, MAX_OPTIONAL);
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

/** A text that matches any pattern cannot be made up. */
function isExemplifiable({ default: fallback, oneOf, pattern }: AttributeDefinition): boolean {
  return fallback !== undefined || oneOf !== undefined || pattern === undefined;
}

function exampleValue(definition: AttributeDefinition): unknown {
  const { default: fallback, multiValued, minItems = 1 } = definition;
  if (fallback !== undefined) return fallback;
  const value = singleValue(definition);
  return multiValued ? Array.from({ length: Math.max(1, Math.min(minItems, MAX_OPTIONAL)) }, () => value) : value;
}

function singleValue({ name, type, length, minLength = 0, format, ...others }: AttributeDefinition): unknown {
  const { oneOf, minimum, maximum } = others;
  if (oneOf !== undefined) return oneOf[0];
  if (type !== 'string') return minimum ?? maximum ?? VALUES[type];
  // Names are ASCII, so a slice has whole characters.
  return format === undefined ? `some ${name}`.padEnd(minLength, '.').slice(0, length) : TEXTS[format];
}
