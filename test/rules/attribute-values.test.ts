import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import { faults, kept } from './check.js';

const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'FirstName', type: 'string' },
    { name: 'Email', type: 'string', multiValued: true, length: 5 },
    { name: 'Score', type: 'integer', default: 7 },
    { name: 'Tags', type: 'currency', multiValued: true, default: '1.50' },
    { name: 'constructor', type: 'boolean' },
    { name: 'toString', type: 'string', default: 'own' },
  ],
};

const MANDATORY: SchemaDefinition = {
  attributes: [
    { name: 'A', type: 'string', mandatory: true },
    { name: 'B', type: 'integer', mandatory: true, multiValued: true },
    { name: 'C', type: 'string', mandatory: true, default: 'c' },
    { name: 'hasOwnProperty', type: 'string', mandatory: true },
  ],
};

const DEFAULTS = { Score: 7, Tags: ['1.5'], toString: 'own' };

const attributesOf = (attributes: Record<string, unknown>) => kept(SCHEMA, { attributes }).attributes;
const faultsOf = (attributes: unknown) => faults(SCHEMA, { attributes });

describe('rules/attribute-values', () => {
  it('R4 multi-valued: accepts an array or a bare value, and stores an array', () => {
    expect(attributesOf({ Email: 'a' })).to.deep.equal({ Email: ['a'], ...DEFAULTS });
    expect(attributesOf({ Email: ['a'] })).to.deep.equal({ Email: ['a'], ...DEFAULTS });
  });

  it('R4 multi-valued: preserves order and duplicates', () => {
    expect(attributesOf({ Email: ['b', 'a', 'b', '', 'a'] }).Email).to.deep.equal(['b', 'a', 'b', '', 'a']);
  });

  it('R3 R4 multi-valued: refuses each element that is not a value of the type, including null', () => {
    const given = ['a', null, 1, ['a'], undefined, {}, '123456'];
    expect(faultsOf({ Email: given })).to.deep.equal(
      [1, 2, 3, 4, 5, 6].map((index) => `R3 /attributes/Email/${index}`),
    );
    // biome-ignore lint/suspicious/noSparseArray: the test needs a sparse array
    expect(faultsOf({ Email: ['a', , 'b'] })).to.deep.equal(['R3 /attributes/Email/1']);
  });

  it('R4 single-valued: refuses any array, even an empty one', () => {
    for (const given of [[], ['a'], ['a', 'b'], [null]]) {
      expect(faultsOf({ FirstName: given })).to.deep.equal(['R4 /attributes/FirstName']);
    }
  });

  it('R4 defaults: stores a default in the form of its type, in an array if the attribute is multi-valued', () => {
    expect(attributesOf({})).to.deep.equal(DEFAULTS);
  });

  it('R4 defaults: a value overrides the default', () => {
    const given = { Score: 0, Tags: ['2', 3], toString: '' };
    expect(attributesOf(given)).to.deep.equal({ Score: 0, Tags: ['2', '3'], toString: '' });
  });

  it('R5 null, undefined, and [] for a multi-valued attribute, mean no value', () => {
    const none = { FirstName: null, Email: [], Score: undefined, constructor: null };
    expect(attributesOf(none)).to.deep.equal(DEFAULTS);
    expect(attributesOf({ Email: null })).to.deep.equal(DEFAULTS);
  });

  it('R5 R6 null and [] restore the default, like an absent member', () => {
    expect(attributesOf({ Score: null, Tags: [], toString: null })).to.deep.equal(DEFAULTS);
  });

  it('R5 an empty string is a value', () => {
    expect(attributesOf({ FirstName: '', toString: '', Email: '' })).to.deep.equal({
      ...DEFAULTS,
      FirstName: '',
      toString: '',
      Email: [''],
    });
  });

  it('R1 names ignore case, and are stored in the case and order of the schema', () => {
    const given = { EMAIL: 'a', firstname: 'b', CONSTRUCTOR: true };
    expect(JSON.stringify(attributesOf(given))).to.equal(
      '{"FirstName":"b","Email":["a"],"Score":7,"Tags":["1.5"],"constructor":true,"toString":"own"}',
    );
  });

  it('R2 names: refuses two members whose names are equal ignoring case, whatever their values', () => {
    for (const second of ['x', null]) {
      const given = { FirstName: null, FIRSTNAME: second };
      expect(faultsOf(given)).to.deep.equal(['R2 /attributes/FIRSTNAME']);
    }
    expect(faultsOf({ FirstName: 'x', firstName: undefined })).to.deep.equal([]);
  });

  it('R2 names of members of JavaScript objects are valid names', () => {
    expect(attributesOf({ constructor: true }).constructor).to.equal(true);
    for (const name of ['valueOf', 'length', 'hasOwnProperty', 'isPrototypeOf', '__defineGetter__']) {
      expect(faultsOf({ [name]: 'x' })).to.deep.equal([`R11 /attributes/${name}`]);
    }
  });

  it('R2 __proto__ is an unknown name, and changes no prototype', () => {
    const sent = JSON.parse('{"__proto__":{"FirstName":"x"}}');
    expect(faultsOf(sent)).to.deep.equal(['R11 /attributes/__proto__']);
    expect(faultsOf(Object.create({ FirstName: 5 })), 'inherited').to.deep.equal(['R11 /attributes']);
  });

  it('R1 R11 names: a non-ASCII letter does not equal the ASCII letter that it folds to', () => {
    const schema: SchemaDefinition = { attributes: [{ name: 'Kind', type: 'string' }] };
    expect(faults(schema, { attributes: { '\u212Aind': 'x' } })).to.deep.equal(['R11 /attributes/\u212Aind']);
    expect(faults(schema, { attributes: { 'K\u0131nd': 'x' } })).to.deep.equal(['R11 /attributes/K\u0131nd']);
  });

  it('R9 mandatory: an absent member, null and [] are missing, unless there is a default', () => {
    const missing = ['R9 /attributes/A', 'R9 /attributes/B', 'R9 /attributes/hasOwnProperty'];
    expect(faults(MANDATORY, { attributes: {} })).to.deep.equal(missing);
    const none = { A: null, B: [], C: null, hasOwnProperty: undefined };
    expect(faults(MANDATORY, { attributes: none })).to.deep.equal(missing);
  });

  it('R9 mandatory: an empty string, 0 and false are values', () => {
    expect(faults(MANDATORY, { attributes: { A: '', B: 0, hasOwnProperty: '' } })).to.deep.equal([]);
    const yes: SchemaDefinition = { attributes: [{ name: 'Yes', type: 'boolean', mandatory: true }] };
    expect(faults(yes, { attributes: { Yes: false } })).to.deep.equal([]);
  });

  it('R9 R11 mandatory: a refused value is one violation, not two', () => {
    const given = { A: 5, B: ['x'], hasOwnProperty: '' };
    expect(faults(MANDATORY, { attributes: given })).to.deep.equal(['R3 /attributes/A', 'R3 /attributes/B/0']);
  });

  it('R11 refuses attributes that are not a plain object', () => {
    for (const given of [undefined, null, 'x', 5, [], [{}], new Map([['FirstName', 'x']]), new Date(0)]) {
      expect(faultsOf(given)).to.deep.equal(['R11 /attributes']);
    }
  });
});
