import type { AttributeDefinition, ExtensionDefinition, Schema } from 'dossier';
import { CUSTOMER_ID } from './component-schemas.js';
import type { JsonSchema } from './json-schema.js';
import { valueJsonSchema } from './value-json-schema.js';

/**
 * The JSON Schema (2020-12) of a body that creates or replaces a profile. The service accepts what it accepts, except what
 * JSON Schema cannot express: unique attributes of records (R10), and the exact limits of a `long` beyond 2^53, of a
 * `currency` given as a number, and of a `datetime` at the ends of the calendar. Of the constraints (R24) these are the
 * bounds of strings, the formats that it does not have, and patterns that ECMAScript may read differently. Names are
 * case-sensitive in JSON Schema, but not in the service (R1).
 */
export function profileJsonSchema({ attributes, extensions }: Schema): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Profile',
    type: 'object',
    properties: {
      customer_id: CUSTOMER_ID,
      ...attributesJsonSchema(attributes).properties,
      ...Object.fromEntries(extensions.map((extension) => [extension.name, extensionJsonSchema(extension)])),
    },
    required: attributesJsonSchema(attributes).required,
    additionalProperties: false,
  };
}

/** The members of attribute definitions, and which of them are required (R9). */
function attributesJsonSchema(definitions: readonly AttributeDefinition[]) {
  return {
    properties: Object.fromEntries(definitions.map((definition) => [definition.name, attributeJsonSchema(definition)])),
    required: definitions.filter(isRequired).map(({ name }) => name),
  };
}

/** A mandatory attribute with a default may be left out (R4). */
function isRequired({ mandatory = false, default: fallback }: AttributeDefinition): boolean {
  return mandatory && fallback === undefined;
}

function attributeJsonSchema(definition: AttributeDefinition): JsonSchema {
  const { multiValued = false, default: fallback } = definition;
  const value = valueJsonSchema(definition);
  const required = isRequired(definition);
  const forms = [
    ...(multiValued ? valuesJsonSchemas(definition, value, required) : [value]),
    ...(required ? [] : [{ type: 'null' }]),
  ];
  return { ...annotations(definition), ...anyOf(forms), ...(fallback !== undefined && { default: fallback }) };
}

/** A bare value counts as one. An empty list means no value, however many there must be where there is any. */
function valuesJsonSchemas(
  { minItems = 0, maxItems }: AttributeDefinition,
  value: JsonSchema,
  required: boolean,
): readonly JsonSchema[] {
  const least = required ? Math.max(1, minItems) : minItems;
  const list = {
    type: 'array',
    items: value,
    ...(least > 0 && { minItems: least }),
    ...(maxItems !== undefined && { maxItems }),
  };
  return [...(least > 1 ? [] : [value]), list, ...(required || least === 0 ? [] : [NO_VALUE])];
}

const NO_VALUE = { type: 'array', maxItems: 0 };

function extensionJsonSchema(definition: ExtensionDefinition): JsonSchema {
  const { type, attributes, unique = [], maxRecords } = definition;
  const record = { type: 'object', ...attributesJsonSchema(attributes), additionalProperties: false };
  const records = {
    type: 'array',
    items: record,
    ...(maxRecords !== undefined && { maxItems: maxRecords }),
    ...(unique.length > 0 && { description: `No two records have the same values for ${unique.join(', ')}.` }),
  };
  const list = type === 'multi-valued' ? records : NO_VALUE;
  return { ...annotations(definition), ...anyOf([record, list, { type: 'null' }]) };
}

/** What a definition is for (R25). */
function annotations({ title, description }: AttributeDefinition | ExtensionDefinition): JsonSchema {
  return { ...(title !== undefined && { title }), ...(description !== undefined && { description }) };
}

function anyOf(forms: readonly JsonSchema[]): JsonSchema {
  const [only, ...others] = forms;
  return others.length > 0 ? { anyOf: forms } : { ...only };
}
