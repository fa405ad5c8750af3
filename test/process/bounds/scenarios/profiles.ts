import type { Dossier, SchemaDefinition } from 'dossier';
import { MORE_OF_REFERENCE, type Scenario, type Scenarios } from '../scenario.js';
import { listOf, services, TENANT } from './services.js';

const attribute = (name: string) => ({ name, type: 'string', default: 'x'.repeat(10) }) as const;

const NUMBERS = { name: 'Numbers', type: 'integer', multiValued: true } as const;

const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'Name', type: 'string' },
    NUMBERS,
    { name: 'Texts', type: 'string', multiValued: true, length: 65_535 },
  ],
  extensions: [
    {
      name: 'Defaults',
      type: 'multi-valued',
      attributes: Array.from({ length: 50 }, (_, index) => attribute(`A${index}`)),
    },
    { name: 'Plain', type: 'multi-valued', attributes: [{ name: 'X', type: 'integer' }] },
    { name: 'Unique', type: 'multi-valued', attributes: [{ name: 'X', type: 'integer' }], unique: ['X'] },
  ],
};

const WITH_KEYS: SchemaDefinition = {
  ...SCHEMA,
  identificationKeys: [
    { name: 'ByText', attributes: ['Texts'], caseSensitive: false },
    { name: 'ByBoth', attributes: ['Numbers', 'Texts'], caseSensitive: false },
    { name: 'ByRecord', source: 'Plain', attributes: ['X'] },
  ],
};

const CONSTRAINED: SchemaDefinition = {
  attributes: [
    { name: 'Choices', type: 'string', multiValued: true, oneOf: ['a'], minLength: 1, pattern: 'a' },
    { name: 'Numbers', type: 'integer', multiValued: true, oneOf: [1, 2], minimum: 1, maximum: 9 },
    { name: 'Texts', type: 'string', multiValued: true, length: 65_535, pattern: '(?:[a-z]+[0-9]?)*!' },
  ],
};

const EMPTY_RECORDS = listOf('{}');
const UNIQUE_RECORDS = `[${Array.from({ length: 80_000 }, (_, index) => `{"X":${index}}`).join()}]`;
const UNKNOWN_NAMES = `{${Array.from({ length: 80_000 }, (_, index) => `"n${index}":1`).join()}}`;

/** U+FDFA is eighteen characters by NFKC. */
const EXPANDING = listOf(JSON.stringify('\uFDFA'.repeat(60_000)), 2 ** 20 / 3);

function scenario(
  text: string,
  outcome: string,
  operation: (dossier: Dossier, given: unknown) => Promise<unknown>,
  schema = SCHEMA,
): Scenario {
  const prepare = async () => {
    const dossier = await services(schema);
    await dossier.profiles.create(TENANT, { customerId: 'x', attributes: {} });
    return (given: unknown) => operation(dossier, given);
  };
  return { text, outcome, prepare };
}

const replaceAttributes = (name: string) => (dossier: Dossier, given: unknown) =>
  dossier.profiles.replace(TENANT, 'x', { attributes: { [name]: given } });

const replaceExtension = (name: string) => (dossier: Dossier, given: unknown) =>
  dossier.profiles.replace(TENANT, 'x', { attributes: {}, extensions: { [name]: given } });

const insert = (name: string) => (dossier: Dossier, given: unknown) =>
  dossier.profiles.insertRecords(TENANT, 'x', { [name]: given });

export const scenarios: Scenarios = {
  'R6 R9 empty records of fifty defaults are too large as soon as they are': scenario(
    EMPTY_RECORDS,
    'too_large',
    replaceExtension('Defaults'),
  ),
  'W9 so are those that are inserted': scenario(EMPTY_RECORDS, 'too_large', insert('Defaults')),
  'R8 349,000 empty records replace a profile': scenario(EMPTY_RECORDS, 'ok', replaceExtension('Plain')),
  'R8 they create one': scenario(EMPTY_RECORDS, 'ok', ({ profiles }, Plain) =>
    profiles.create(TENANT, { attributes: {}, extensions: { Plain } }),
  ),
  'W9 they are inserted': scenario(EMPTY_RECORDS, 'ok', insert('Plain')),
  'R10 80,000 records that are told apart replace a profile': scenario(
    UNIQUE_RECORDS,
    'ok',
    replaceExtension('Unique'),
  ),
  'W9 they are inserted where they are': {
    ...scenario(UNIQUE_RECORDS, 'ok', async ({ profiles }, Unique) => {
      await profiles.insertRecords(TENANT, 'x', { Unique });
      await profiles.insertRecords(TENANT, 'x', { Unique });
    }),
    mostWork: 24,
    mostOfReference: MORE_OF_REFERENCE,
  },
  'W10 one of them is changed, and one deleted': {
    ...scenario(UNIQUE_RECORDS, 'ok', async ({ profiles }, Unique) => {
      await profiles.insertRecords(TENANT, 'x', { Unique });
      await profiles.updateRecord(TENANT, 'x', 'Unique', { X: 79_999 });
      await profiles.deleteRecord(TENANT, 'x', 'Unique', { X: 79_999 });
    }),
    mostWork: 36,
    mostOfReference: MORE_OF_REFERENCE,
  },
  'R10 records that agree are violations': scenario(EMPTY_RECORDS, 'invalid_profile', replaceExtension('Unique')),
  'R11 80,000 unknown names': scenario(UNKNOWN_NAMES, 'invalid_profile', ({ profiles }, attributes) =>
    profiles.replace(TENANT, 'x', { attributes: attributes as Record<string, unknown> }),
  ),
  'R11 80,000 unknown names in one object': scenario(UNKNOWN_NAMES, 'invalid_profile', ({ profiles }, members) =>
    profiles.replace(TENANT, 'x', { members: members as Record<string, unknown> }),
  ),
  'R3 524,000 numbers': scenario(listOf('1'), 'ok', replaceAttributes('Numbers')),
  'R3 349,000 empty texts': scenario(listOf('""'), 'ok', replaceAttributes('Texts')),
  'R3 texts in the place of numbers': scenario(listOf('""'), 'invalid_profile', replaceAttributes('Numbers')),
  'R24 349,000 texts, all of which break constraints': scenario(
    listOf('""'),
    'invalid_profile',
    replaceAttributes('Choices'),
    CONSTRAINED,
  ),
  'R24 524,000 numbers that keep to constraints': scenario(
    listOf('1'),
    'ok',
    replaceAttributes('Numbers'),
    CONSTRAINED,
  ),
  'R24 a megabyte of texts that an engine would backtrack in': scenario(
    listOf(JSON.stringify('a'.repeat(60_000))),
    'invalid_profile',
    replaceAttributes('Texts'),
    CONSTRAINED,
  ),
  'R18 texts that get longer when they are folded': scenario(
    EXPANDING,
    'invalid_profile',
    replaceAttributes('Texts'),
    WITH_KEYS,
  ),
  'R18 a long text in a thousand combinations': scenario(
    JSON.stringify({ Numbers: Array.from({ length: 1_000 }, (_, index) => index), Texts: ['y'.repeat(65_000)] }),
    'invalid_profile',
    ({ profiles }, attributes) => profiles.replace(TENANT, 'x', { attributes: attributes as Record<string, unknown> }),
    WITH_KEYS,
  ),
  'R18 349,000 empty records beside a key': scenario(EMPTY_RECORDS, 'ok', replaceExtension('Plain'), WITH_KEYS),
  'W11 349,000 empty records are merged': {
    ...scenario(EMPTY_RECORDS, 'ok', async ({ profiles }, Plain) => {
      await profiles.create(TENANT, { customerId: 'y', attributes: {}, extensions: { Plain } });
      await profiles.merge(TENANT, 'x', 'y');
    }),
    // A creation, a merge and a deletion.
    mostWork: 24,
  },
  'W11 524,000 numbers are merged with as many': {
    ...scenario(listOf('1'), 'ok', async ({ profiles }, Numbers) => {
      await profiles.create(TENANT, { customerId: 'y', attributes: { Numbers } as never });
      await profiles.replace(TENANT, 'x', { attributes: { Numbers } as never });
      await profiles.merge(TENANT, 'x', 'y');
    }),
    // A creation, a replacement, a merge and a deletion.
    mostWork: 48,
  },
  'S1 a schema is tried that 524,000 numbers break': {
    ...scenario(listOf('1'), 'ok', async ({ profiles, schemas }, Numbers) => {
      await profiles.replace(TENANT, 'x', { attributes: { Numbers } as never });
      const report = await schemas.tryOut(TENANT, { attributes: [{ ...NUMBERS, minimum: 2 }], extensions: [] });
      if (report.violations[0]?.count !== (Numbers as unknown[]).length) throw new Error('They were not counted.');
    }),
    // A replacement and a reading as well.
    mostWork: 24,
  },
};
