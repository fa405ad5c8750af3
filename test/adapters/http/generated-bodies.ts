import fc from 'fast-check';
import { anyCharacter } from '../../any-character.js';
import { HERO_SCHEMA } from './heroes.js';

/** Part of every string value that is sent, to detect a response that repeats a value. */
export const PERSONAL = 'pErSoNaL';

export const ATTRIBUTES = ['FirstName', 'LastName', 'EmailAddress', 'DOB', 'Age', 'Secret', 'Salary', 'Points', 'Seen'];
const IN_RECORDS = ['City', 'Number', 'Kind', 'Rank', 'Text'];
export const EXTENSIONS = ['Address', 'Phone', 'Note', 'Extra'];
export const HOSTILE = ['constructor', '__proto__', 'toString', '', 'a/b~c', '\u212A', 'customer_id', 'profile', '*'];

/** Mostly the usual value, sometimes another. */
export function mostly<T>(usual: fc.Arbitrary<T>, ...others: fc.Arbitrary<T>[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 12, arbitrary: usual }, ...others.map((arbitrary) => ({ weight: 1, arbitrary })));
}

/** One of these names, mostly in its declared case. */
export const inAnyCase = (names: readonly string[]) =>
  mostly(
    fc.constantFrom(...names),
    fc.constantFrom(...names).map((name) => name.toUpperCase()),
    fc.constantFrom(...HOSTILE),
  );

/** A customer id as part of a path. */
export const id = mostly(
  fc.constantFrom('bruce', 'jen', 'a', 'b'),
  fc.constantFrom('nobody', '%', '%00', '..', 'x'.repeat(65)),
);
export const text = fc.oneof(
  fc.constantFrom(
    PERSONAL,
    `${PERSONAL}@example.com`,
    `${PERSONAL}${'😀'.repeat(300)}`,
    `${PERSONAL}\0`,
    `'${PERSONAL}`,
  ),
  fc.string({ unit: anyCharacter, maxLength: 8 }).map((tail) => PERSONAL + tail),
);
const scalar = fc.oneof(
  text,
  fc.constantFrom('555-0100', '1962-05-10', '1962-02-30', '2024-02-29T23:59:59Z', '12.50', '9223372036854775807'),
  fc.constantFrom(0, -0, 42, 1.5, 2 ** 31, 2 ** 53, 1e300, true, false),
  fc.double(),
);
export const value: fc.Arbitrary<unknown> = mostly<unknown>(
  scalar,
  fc.constant(null),
  fc.array(scalar, { maxLength: 3 }),
  fc.constant({ nested: [PERSONAL] }),
);

const members = (names: readonly string[], arbitrary: fc.Arbitrary<unknown>, maxLength = 4) =>
  fc
    .array(fc.tuple(inAnyCase(names), arbitrary), { maxLength })
    .map((entries): Record<string, unknown> => Object.fromEntries(entries));
export const record = members(IN_RECORDS, value);
export const phone = fc.record(
  { Number: fc.constantFrom('555-0100', '555-0101', '1', '2'), Kind: text, Rank: fc.integer() },
  { requiredKeys: ['Number'] },
);
const records: fc.Arbitrary<unknown> = mostly<unknown>(phone, record, fc.array(phone, { maxLength: 3 }), value);
export const ofExtensions = members(EXTENSIONS, records, 2);
export const representation = fc
  .tuple(
    mostly(fc.constant({}), members(ATTRIBUTES, value)),
    members(ATTRIBUTES, value),
    mostly(fc.constant({}), ofExtensions),
  )
  .map((parts): Record<string, unknown> => Object.assign({}, ...parts));

/** A representation that is valid against the schema. */
export const usual = fc.record(
  {
    FirstName: fc.constantFrom('Bruce', PERSONAL),
    LastName: fc.constantFrom('Banner', null),
    EmailAddress: fc.constantFrom([], PERSONAL, [`${PERSONAL}@example.com`]),
    Age: fc.constantFrom(42, 43),
    Phone: fc.uniqueArray(phone, { maxLength: 2, selector: ({ Number: number }) => number }),
  },
  { requiredKeys: [] },
);
export const withId = fc
  .tuple(mostly<object>(usual, representation), id)
  .map(([given, customer_id]) => ({ ...given, customer_id }));

const type = mostly(
  fc.constantFrom('string', 'boolean', 'integer', 'long', 'double', 'currency', 'date', 'datetime'),
  fc.constantFrom('text', 1, null) as fc.Arbitrary<string>,
);
const attributeDefinition = fc.record(
  {
    name: inAnyCase(ATTRIBUTES),
    type,
    multiValued: fc.boolean(),
    mandatory: fc.boolean(),
    length: fc.integer(),
    default: value,
  },
  { requiredKeys: ['name', 'type'] },
);
export const attributeDefinitions = mostly<unknown>(
  fc.constant(HERO_SCHEMA.attributes),
  fc.array(attributeDefinition, { maxLength: 4 }).map((added) => [...HERO_SCHEMA.attributes, ...added]),
  fc.array(attributeDefinition, { maxLength: 4 }),
  value,
);
export const extensionDefinition = fc.record(
  {
    name: inAnyCase(EXTENSIONS),
    type: fc.constantFrom('single-valued', 'multi-valued', 'classifier'),
    attributes: mostly<unknown>(fc.array(attributeDefinition, { maxLength: 2 }), value),
    unique: fc.array(inAnyCase(ATTRIBUTES), { maxLength: 2 }),
  },
  { requiredKeys: ['name', 'type', 'attributes'] },
);
export const keyDefinition = fc.record(
  {
    name: inAnyCase(['byName', 'byEmail', 'byKind', 'x']),
    source: inAnyCase(['profile', ...EXTENSIONS]),
    attributes: fc.array(inAnyCase([...ATTRIBUTES, ...IN_RECORDS]), { maxLength: 2 }),
    unique: fc.boolean(),
    caseSensitive: fc.boolean(),
  },
  { requiredKeys: ['name', 'attributes'] },
);
