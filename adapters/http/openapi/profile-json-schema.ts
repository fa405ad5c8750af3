import type { AttributeDefinition, ExtensionDefinition, Schema } from 'dossier';
import { CUSTOMER_ID } from './component-schemas.js';
import type { JsonSchema } from './json-schema.js';
import { valueJsonSchema } from './value-json-schema.js';

/**
 * The JSON Schema (2020-12) of a body that creates or replaces a profile. The service accepts what it accepts, except what
 * JSON Schema cannot express: unique attributes of records (R10), and the exact limits of a `long` beyond 2^53, of a
 * `currency` given as a number, and of a `datetime` at the ends of the calendar. Names are case-sensitive in JSON Schema,
 * but not in the service (R1).
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
  const { type, length, multiValued = false, default: fallback } = definition;
  const value = valueJsonSchema(type, length);
  const required = isRequired(definition);
  const forms = [
    value,
    ...(multiValued ? [{ type: 'array', items: value, ...(required && { minItems: 1 }) }] : []),
    ...(required ? [] : [{ type: 'null' }]),
  ];
  return { ...anyOf(forms), ...(fallback !== undefined && { default: fallback }) };
}

function extensionJsonSchema({ type, attributes, unique = [] }: ExtensionDefinition): JsonSchema {
  const record = { type: 'object', ...attributesJsonSchema(attributes), additionalProperties: false };
  const list = type === 'multi-valued' ? { type: 'array', items: record } : { type: 'array', maxItems: 0 };
  const description = unique.length > 0 && `No two records have the same values for ${unique.join(', ')}.`;
  return { ...anyOf([record, list, { type: 'null' }]), ...(description && { description }) };
}

function anyOf(forms: readonly JsonSchema[]): JsonSchema {
  const [only, ...others] = forms;
  return others.length > 0 ? { anyOf: forms } : { ...only };
}
