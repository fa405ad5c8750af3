import { EXAMPLE_PROFILE } from './examples.js';
import { type JsonSchema, listOf, mapOf, objectOf, oneOf } from './json-schema.js';

const NAME = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_]{0,63}$' };
const NAMES = listOf(NAME);
const FLAG = { type: 'boolean', default: false };

export const CUSTOMER_ID: JsonSchema = {
  type: 'string',
  pattern: '^[A-Za-z0-9._~-]{1,64}$',
  examples: [EXAMPLE_PROFILE.customer_id],
};

const VALUE_TYPES = ['string', 'boolean', 'integer', 'long', 'double', 'currency', 'date', 'datetime'];

/** What crosses the wire, but for what a tenant declares. */
export const WIRE_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Profile: {
    description:
      'One flat object: `customer_id`, then attributes by name, then extensions by name, as the tenant declares them ' +
      'in `/metadata/profiles/schema.json`.',
    ...objectOf({ customer_id: CUSTOMER_ID }),
    ...mapOf(component('Member')),
    examples: [EXAMPLE_PROFILE],
  },
  Representation: {
    description:
      'A profile as it is sent. Without any extension those that are stored stay; with one the whole set is replaced.',
    // Not beside each other: most languages have no type for a member that may be absent among others of any name.
    allOf: [objectOf({ customer_id: CUSTOMER_ID }, []), mapOf(component('Member'))],
    examples: [EXAMPLE_PROFILE],
  },
  Member: {
    description: 'An attribute: a value, or a list of values; or an extension: a record, or a list of records.',
    anyOf: [
      component('Value'),
      listOf(component('Value')),
      component('ExtensionRecord'),
      listOf(component('ExtensionRecord')),
    ],
  },
  Value: {
    description: 'The value of an attribute, by its type; `null` is none.',
    type: ['string', 'number', 'boolean', 'null'],
  },
  CustomerId: objectOf({ customer_id: CUSTOMER_ID }),
  Records: {
    description: 'Extensions by name: a record, or a list of records.',
    ...mapOf({
      anyOf: [component('ExtensionRecord'), listOf(component('ExtensionRecord')), { type: 'null' }],
    }),
    examples: [{ Phone: [{ PhoneNumber: '555-0100' }] }],
  },
  ExtensionRecord: {
    description: 'Attributes of one record by name; all unique ones among them where they find the record.',
    ...mapOf(component('Value')),
    examples: [{ PhoneNumber: '555-0100', PhoneType: 'home' }],
  },
  Merge: {
    ...objectOf({ force_merge: FLAG, agent_id: {}, reason: {}, description: {} }, []),
    description: '`force_merge` lets the records of the source stand; the other members have no effect.',
  },
  AttributeDefinition: objectOf(
    {
      name: NAME,
      type: oneOf(VALUE_TYPES),
      multiValued: FLAG,
      mandatory: FLAG,
      length: { type: 'integer', minimum: 1, maximum: 65_535, description: 'For strings alone. Default 256.' },
      default: { anyOf: [component('Value'), listOf(component('Value'))], description: 'Where none is given.' },
    },
    ['name', 'type'],
  ),
  AttributeDefinitions: objectOf({ attributes: listOf(component('AttributeDefinition')) }),
  ProfileSchema: objectOf({
    version: { type: 'integer', minimum: 1 },
    attributes: listOf(component('AttributeDefinition')),
  }),
  ExtensionDefinition: objectOf(
    {
      name: NAME,
      type: oneOf(['single-valued', 'multi-valued']),
      attributes: listOf(component('AttributeDefinition')),
      unique: { ...NAMES, description: 'Attributes on which no two records of a profile agree.' },
    },
    ['name', 'type', 'attributes'],
  ),
  IdentificationKeyDefinition: objectOf(
    {
      name: NAME,
      source: { type: 'string', default: 'profile', description: '`profile`, or the name of an extension.' },
      attributes: { ...NAMES, minItems: 1 },
      unique: FLAG,
      caseSensitive: { type: 'boolean', default: true },
    },
    ['name', 'attributes'],
  ),
  JsonSchema: { ...mapOf({}), description: 'A JSON Schema, 2020-12.' },
  ServerStatus: objectOf({ status: { const: 'ok' } }),
  OpenApiDocument: objectOf({ openapi: { type: 'string' } }),
  Violation: objectOf({
    pointer: { type: 'string', format: 'json-pointer', description: 'The member (RFC 6901).' },
    rule: { type: 'string' },
    expected: { type: 'string' },
  }),
  Problem: {
    description: 'What went wrong (RFC 9457).',
    ...objectOf(
      {
        type: { type: 'string', format: 'uri' },
        title: { type: 'string' },
        status: { type: 'integer' },
        code: { type: 'string' },
        detail: { type: 'string' },
        violations: listOf(component('Violation')),
        current_revision: { type: 'integer', minimum: 0 },
        limit: { type: 'integer', description: 'In bytes.' },
        key: { type: 'string', description: 'The unique identification key in the way.' },
        extensions: { ...NAMES, description: 'The extensions in conflict.' },
        collisions: { type: 'integer', description: 'How many entries could not be made.' },
        outcome_unknown: { type: 'boolean', description: 'Whether the change may have taken place.' },
      },
      ['type', 'title', 'status', 'code', 'detail'],
    ),
  },
};

/** Refers to one of them, from anywhere in the description. */
export function component(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}
