import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import { readKeyDefinition, readSchemaDefinition } from '../../../src/definitions/read-definition.js';
import { InvalidSchemaError } from '../../../src/errors.js';

const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'A', type: 'string' },
    { name: 'constructor', type: 'string', multiValued: true },
  ],
  extensions: [
    { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }] },
    { name: 'toString', type: 'single-valued', attributes: [{ name: 'valueOf', type: 'long' }] },
  ],
};

/** The violations of a key definition: the same alone and as part of a schema. */
function faults(key: unknown): string[] {
  const alone = faultsOf(() => readKeyDefinition(key, SCHEMA));
  const inSchema = faultsOf(() => readSchemaDefinition({ ...SCHEMA, identificationKeys: [key] }));
  expect(inSchema).to.deep.equal(alone.map((fault) => fault.replace(' ', ' /identificationKeys/0')));
  return alone;
}

function faultsOf(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof InvalidSchemaError)) throw error;
    return error.violations.map(({ rule, pointer }) => `${rule} ${pointer}`);
  }
}

describe('the definition of an identification key', () => {
  it('R18 has attributes of the profile or of one extension, by name, ignoring case', () => {
    for (const key of [
      { name: 'K', attributes: ['A'] },
      { name: 'K', source: 'profile', attributes: ['a', 'CONSTRUCTOR'], unique: true, caseSensitive: false },
      { name: 'K', source: 'PROFILE', attributes: ['A'] },
      { name: 'K', source: 'phone', attributes: ['NUMBER'] },
      { name: 'constructor', source: 'tostring', attributes: ['valueof'] },
      { name: 'A', attributes: ['A'] },
      { name: 'Phone', attributes: ['A'] },
    ]) {
      expect(faults(key), JSON.stringify(key)).to.deep.equal([]);
    }
  });

  it('R18 refuses attributes that the source lacks, repeated attributes, and no attributes', () => {
    expect(faults({ name: 'K', attributes: ['Number', 'A', 'a'] })).to.deep.equal([
      'R18 /attributes/0',
      'R18 /attributes/2',
    ]);
    expect(faults({ name: 'K', source: 'Phone', attributes: ['A'] })).to.deep.equal(['R18 /attributes/0']);
    expect(faults({ name: 'K', source: 'Nope', attributes: ['A'] })).to.deep.equal(['R18 /source']);
    expect(faults({ name: 'K', attributes: [] })).to.deep.equal(['R18 /attributes']);
    for (const hostile of ['toString', '__proto__', 'hasOwnProperty', 'Phone.Number', '', 'A ']) {
      expect(faults({ name: 'K', attributes: [hostile] }), hostile).to.deep.equal(['R18 /attributes/0']);
      if (hostile !== 'toString')
        expect(faults({ name: 'K', source: hostile, attributes: ['A'] })).to.deep.equal(['R18 /source']);
    }
  });

  it('R1 has a valid name, unique among the keys', () => {
    for (const name of ['1st', '', 'a-b', '__proto__', 'id_key', 'PROFILE', 'x'.repeat(65)]) {
      expect(faults({ name, attributes: ['A'] }), name).to.deep.equal(['R1 /name']);
    }
    const identificationKeys = [
      { name: 'Key', attributes: ['A'] },
      { name: 'KEY', source: 'Phone', attributes: ['Number'] },
    ];
    expect(faultsOf(() => readSchemaDefinition({ ...SCHEMA, identificationKeys }))).to.deep.equal([
      'R1 /identificationKeys/1/name',
    ]);
  });

  it('R18 R19 refuses members of the wrong type, and unknown ones', () => {
    const key = { name: 'K', attributes: ['A'] };
    const refused = (member: object) => faults({ ...key, ...member }).map((fault) => fault.split(' ')[1]);
    for (const wrong of ['yes', 1, null, []]) {
      expect(refused({ unique: wrong })).to.deep.equal(['/unique']);
      expect(refused({ caseSensitive: wrong })).to.deep.equal(['/caseSensitive']);
    }
    expect(refused({ source: 1 })).to.deep.equal(['/source']);
    expect(refused({ attributes: 'A' })).to.deep.equal(['/attributes']);
    expect(refused({ filling: true })).to.deep.equal(['/filling']);
    expect(refused({ index: 'K#1' })).to.deep.equal(['/index']);
  });
});
