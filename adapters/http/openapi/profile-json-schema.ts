import type { AttributeDefinition, ExtensionDefinition, Schema } from 'dossier';
import type { JsonSchema } from './json-schema.js';
import { valueJsonSchema } from './value-json-schema.js';
import { CUSTOMER_ID } from './wire-schemas.js';

/**
 * The JSON Schema (2020-12) of what is sent to create or replace a profile. What it accepts the service accepts too, but
 * for what JSON Schema cannot say: that records differ in their unique attributes (R10), and the exact limits of a long
 * beyond 2^53, of a currency given as a number, and of an instant at the very ends of the calendar. It knows the names of
 * the schema only as they are declared, while the service takes them in any case (R1).
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

/** The members that attribute definitions allow, and those among them that must be there (R9). */
function attributesJsonSchema(definitions: readonly AttributeDefinition[]) {
  return {
    properties: Object.fromEntries(definitions.map((definition) => [definition.name, attributeJsonSchema(definition)])),
    required: definitions.filter(mustBeGiven).map(({ name }) => name),
  };
}

/** A default satisfies `mandatory` (R4). */
function mustBeGiven({ mandatory = false, default: fallback }: AttributeDefinition): boolean {
  return mandatory && fallback === undefined;
}

function attributeJsonSchema(definition: AttributeDefinition): JsonSchema {
  const { type, length, multiValued = false, default: fallback } = definition;
  const value = valueJsonSchema(type, length);
  const isNeeded = mustBeGiven(definition);
  const forms = [
    value,
    ...(multiValued ? [{ type: 'array', items: value, ...(isNeeded && { minItems: 1 }) }] : []),
    ...(isNeeded ? [] : [{ type: 'null' }]),
  ];
  return { ...oneForm(forms), ...(fallback !== undefined && { default: fallback }) };
}

function extensionJsonSchema({ type, attributes, unique = [] }: ExtensionDefinition): JsonSchema {
  const record = { type: 'object', ...attributesJsonSchema(attributes), additionalProperties: false };
  const list = type === 'multi-valued' ? { type: 'array', items: record } : { type: 'array', maxItems: 0 };
  const description = unique.length > 0 && `No two records agree on ${unique.join(', ')}.`;
  return { ...oneForm([record, list, { type: 'null' }]), ...(description && { description }) };
}

function oneForm(forms: readonly JsonSchema[]): JsonSchema {
  const [only, ...others] = forms;
  return others.length > 0 ? { anyOf: forms } : { ...only };
}
