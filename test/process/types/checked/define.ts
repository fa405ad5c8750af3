import { defineSchema, type InferInput, type SchemaDefinition } from 'dossier';
import { customerSchema } from './customer-schema.js';
import { check, type Same } from './equal.js';

export const definition: SchemaDefinition = customerSchema;
check<Same<(typeof customerSchema)['attributes'][0]['name'], 'Name'>>();

// Declared beforehand, as literals.
const name = { name: 'Name', type: 'string' } as const;
export const reused = defineSchema({ attributes: [name], extensions: undefined });
check<Same<InferInput<typeof reused>['attributes'], { Name?: string | null | undefined }>>();
const declared = { attributes: [name] } as const satisfies SchemaDefinition;
export const same = defineSchema(declared);
export const empty = defineSchema({ attributes: [] });

// Names may be written in any case (R1), and a key may name the profile as its source.
defineSchema({
  attributes: [name],
  extensions: [{ name: 'Phone', type: 'multi-valued', attributes: [{ name: 'No', type: 'long' }], unique: ['NO'] }],
  identificationKeys: [
    { name: 'byName', source: 'profile', attributes: ['name'] },
    { name: 'byPhone', source: 'PHONE', attributes: ['no'] },
  ],
});

// Names that every object has are names like any other (R2).
const inherited = defineSchema({ attributes: [{ name: 'toString', type: 'string' }, name] });
export const withoutIt: InferInput<typeof inherited> = { attributes: { Name: 'Ann' } };
export const withIt: InferInput<typeof inherited> = { attributes: { toString: 'Ann' } };
// @ts-expect-error the wrong type
export const wrong: InferInput<typeof inherited> = { attributes: { toString: 1 } };

// @ts-expect-error there are always attributes
defineSchema({});
// @ts-expect-error no such type
defineSchema({ attributes: [{ name: 'A', type: 'strng' }] });
// @ts-expect-error a name is a string
defineSchema({ attributes: [{ name: 1, type: 'string' }] });
// @ts-expect-error no such member of an attribute
defineSchema({ attributes: [{ name: 'A', type: 'string', mandatry: true }] });
// @ts-expect-error no such member of a schema
defineSchema({ attributes: [], extension: [] });
// What constrains values, and describes them (R24, R25).
defineSchema({
  attributes: [
    { name: 'Color', type: 'string', oneOf: ['red', 'green'], minLength: 1, pattern: '[a-z]+', title: 'Colour' },
    { name: 'Site', type: 'string', format: 'uri' },
    { name: 'Age', type: 'integer', minimum: 0, maximum: 150 },
    { name: 'Fee', type: 'currency', oneOf: ['9.90', 5], minimum: 0 },
    { name: 'Tags', type: 'string', multiValued: true, minItems: 1, maxItems: 3, oneOf: undefined },
  ],
  extensions: [{ name: 'Phone', type: 'multi-valued', attributes: [], maxRecords: 3, description: 'Any number.' }],
});
// Former names change no type, and are no names (R26).
const renamed = defineSchema({
  attributes: [{ name: 'FullName', type: 'string', formerly: ['Name', 'Label'] }],
  extensions: [{ name: 'Telephone', type: 'multi-valued', attributes: [], formerly: ['Phone'] }],
});
check<Same<InferInput<typeof renamed>['attributes'], { FullName?: string | null | undefined }>>();
// @ts-expect-error former names are a list
defineSchema({ attributes: [{ name: 'A', type: 'string', formerly: 'B' }] });
defineSchema({
  attributes: [{ name: 'A', type: 'string', formerly: ['B'] }],
  // @ts-expect-error a key uses the present name
  identificationKeys: [{ name: 'k', attributes: ['B'] }],
});
// @ts-expect-error a choice of the wrong type
defineSchema({ attributes: [{ name: 'A', type: 'integer', oneOf: ['1'] }] });
// @ts-expect-error a bound of the wrong type
defineSchema({ attributes: [{ name: 'A', type: 'date', minimum: 1 }] });
// @ts-expect-error no such format
defineSchema({ attributes: [{ name: 'A', type: 'string', format: 'mail' }] });
// @ts-expect-error a default of the wrong type
defineSchema({ attributes: [{ name: 'A', type: 'integer', default: '1' }] });

const phone = { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'No', type: 'long' }] } as const;
// @ts-expect-error no such type of an extension
defineSchema({ attributes: [], extensions: [{ ...phone, type: 'multi' }] });
// @ts-expect-error no such unique attribute
defineSchema({ attributes: [], extensions: [{ ...phone, unique: ['Nmber'] }] });
// @ts-expect-error the attributes of an extension are single-valued (R10)
defineSchema({ attributes: [], extensions: [{ ...phone, attributes: [{ ...name, multiValued: true }] }] });
// @ts-expect-error no such member of an extension
defineSchema({ attributes: [], extensions: [{ ...phone, uniqe: ['No'] }] });

const key = { name: 'key', attributes: ['Name'] } as const;
defineSchema({ attributes: [name], extensions: [phone], identificationKeys: [key] });
// @ts-expect-error no such attribute of the profile
defineSchema({ attributes: [], identificationKeys: [key] });
// @ts-expect-error no such attribute of the extension
defineSchema({ attributes: [name], extensions: [phone], identificationKeys: [{ ...key, source: 'Phone' }] });
// @ts-expect-error no such source
defineSchema({ attributes: [name], identificationKeys: [{ ...key, source: 'Phone' }] });
// @ts-expect-error no such member of a key
defineSchema({ attributes: [name], identificationKeys: [{ ...key, uniqe: true }] });
