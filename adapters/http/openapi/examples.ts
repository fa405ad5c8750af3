import type { Schema } from 'dossier';
import type { JsonObject } from '../request-body.js';
import type { BodyExample } from './operation-description.js';
import { exampleAttributes, exampleCriteria, exampleExtension } from './schema-examples.js';

/** The customer id of all examples. */
export const EXAMPLE_CUSTOMER_ID = '00027a52JCGY000M';

/** What the OpenAPI document shows as examples. */
export interface Examples {
  readonly attributes: JsonObject;
  /** What {@link attributes} are replaced by. */
  readonly changedAttributes: JsonObject;
  /** The extensions of the whole profile. */
  readonly extensions: JsonObject;
  /** One extension to insert records into or to replace all others by; empty if there is none. */
  readonly oneExtension: JsonObject;
  /** The name of an extension; absent if there is none. */
  readonly extensionName: string | undefined;
  /** Search criteria; absent if there is no identification key. */
  readonly criteria: JsonObject | undefined;
}

const ATTRIBUTES = {
  FirstName: 'Bruce',
  LastName: 'Banner',
  DOB: '1962-05-10',
  EmailAddress: ['bruce.banner@example.com'],
};

/** The examples of the UCS reference, where the tenant's schema is not known. */
const UCS_EXAMPLES: Examples = {
  attributes: ATTRIBUTES,
  changedAttributes: { ...ATTRIBUTES, FirstName: 'Hulk' },
  extensions: {
    Address: {
      Type: 1,
      Address: '21 JumpStreet',
      City: 'Hollywood',
      County: 'Santa Barbara',
      PostCode: '555',
      Country: 'United States',
    },
  },
  oneExtension: { Phone: [{ PhoneNumber: '555-0100', PhoneType: 'home' }] },
  extensionName: 'Phone',
  criteria: { 'Phone.PhoneNumber': '555-0100' },
};

/** The names and types of the schemas that {@link UCS_EXAMPLES} fit. */
const UCS_SHAPE = [
  'FirstName:string,LastName:string,DOB:date,EmailAddress:string[]',
  'Address{Type:integer,Address:string,City:string,County:string,PostCode:string,Country:string}',
  'Phone[]{PhoneNumber:string,PhoneType:string}',
].join(';');

const CONSTRAINTS = ['oneOf', 'minimum', 'maximum', 'minLength', 'pattern', 'format', 'minItems', 'maxItems'] as const;

/** The constraints that they fit as well: those of the schema of `dossier serve --example`. */
const UCS_CONSTRAINTS: Readonly<Record<string, JsonObject>> = {
  DOB: { minimum: '1900-01-01' },
  EmailAddress: { format: 'email', maxItems: 10 },
};

/** The examples for a tenant's schema; those of the UCS reference if it is not known. */
export function examplesFor(schema: Schema | undefined): Examples {
  if (schema === undefined || shapeOf(schema) === UCS_SHAPE) return UCS_EXAMPLES;
  const attributes = exampleAttributes(schema.attributes);
  const extensions = Object.fromEntries(
    schema.extensions.map((extension) => [extension.name, exampleExtension(extension)]),
  );
  const name = schema.extensions.at(-1)?.name;
  return {
    attributes,
    changedAttributes: attributes,
    extensions,
    oneExtension: name === undefined ? {} : { [name]: extensions[name] },
    extensionName: name,
    criteria: exampleCriteria(schema),
  };
}

function shapeOf({ attributes, extensions }: Schema): string {
  const list = (definitions: Schema['attributes']) =>
    definitions
      .map((one) => `${one.name}:${one.type}${one.multiValued ? '[]' : ''}${hasOtherConstraints(one) ? '!' : ''}`)
      .join();
  const shapes = extensions.map(
    ({ name, type, attributes: own }) => `${name}${type === 'multi-valued' ? '[]' : ''}{${list(own)}}`,
  );
  return [list(attributes), ...shapes].join(';');
}

function hasOtherConstraints(definition: Schema['attributes'][number]): boolean {
  const known = UCS_CONSTRAINTS[definition.name] ?? {};
  return CONSTRAINTS.some((member) => {
    const own = definition[member];
    return own !== undefined && JSON.stringify(own) !== JSON.stringify(known[member]);
  });
}

/** The whole profile of the examples. */
export function exampleProfile({ attributes, extensions }: Examples): JsonObject {
  return { customer_id: EXAMPLE_CUSTOMER_ID, ...attributes, ...extensions };
}

/** Bodies that create a profile. The first can be sent repeatedly, since the service generates the id. */
export function creations(examples: Examples): Readonly<Record<string, BodyExample>> {
  const { customer_id: _, ...withoutId } = exampleProfile(examples);
  return {
    generatedId: { summary: 'A profile with a generated id', value: withoutId },
    ownId: { summary: 'A profile with a given id', value: exampleProfile(examples) },
  };
}

/** Bodies that patch a profile. */
export function patches({ attributes, oneExtension }: Examples): Readonly<Record<string, BodyExample>> {
  return {
    attributes: { summary: 'Some attributes', value: Object.fromEntries(Object.entries(attributes).slice(0, 2)) },
    extension: { summary: 'One extension: all others stay', value: oneExtension },
  };
}

/** Bodies that replace a profile, to show what a replacement does to extensions. */
export function replacements(examples: Examples): Readonly<Record<string, BodyExample>> {
  const { changedAttributes, oneExtension, extensionName } = examples;
  const whole = { summary: 'The whole profile', value: exampleProfile(examples) };
  if (extensionName === undefined) return { whole };
  return {
    whole,
    withoutExtensions: { summary: 'Without extensions: the stored ones stay', value: changedAttributes },
    withOneExtension: {
      summary: 'With one extension: all others are removed',
      value: { ...changedAttributes, ...oneExtension },
    },
  };
}
