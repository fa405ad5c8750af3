import { expect } from 'chai';
import type { AttributeDefinition } from 'dossier';
import { faults, faultsOfValue, kept } from '../check.js';

/** A constraint, with values that it allows and values that it refuses. */
interface Row {
  readonly definition: Partial<AttributeDefinition>;
  readonly allows: readonly unknown[];
  readonly refuses: readonly unknown[];
}

const ROWS: readonly Row[] = [
  { definition: { oneOf: ['red', '', '1'] }, allows: ['red', '', '1'], refuses: ['Red', 'red ', 'green', '0'] },
  { definition: { type: 'integer', oneOf: [0, 7] }, allows: [0, -0, 7, 7.0], refuses: [1, -7] },
  {
    definition: { type: 'long', oneOf: [1, '9007199254740993'] },
    allows: [1, '9007199254740993'],
    refuses: [2, '9007199254740992', '-9007199254740993'],
  },
  {
    definition: { type: 'currency', oneOf: ['9.90', 5] },
    allows: ['9.9', '9.900', 9.9, '5', '05.00', 5],
    refuses: ['9.91', '-5', 0],
  },
  { definition: { type: 'date', oneOf: ['2024-02-29'] }, allows: ['2024-02-29'], refuses: ['2024-02-28'] },
  { definition: { type: 'integer', minimum: 18, maximum: 99 }, allows: [18, 99], refuses: [17, 100, -18] },
  {
    definition: { type: 'double', minimum: 0, maximum: 0.3 },
    allows: [0, -0, 0.3, 5e-324],
    refuses: [0.1 + 0.2, -1e-9],
  },
  {
    definition: { type: 'long', minimum: '-9007199254740993', maximum: '9007199254740993' },
    allows: [0, '9007199254740992', '9007199254740993', '-9007199254740993', 9007199254740991],
    refuses: ['9007199254740994', '-9007199254740994', '9223372036854775807'],
  },
  {
    definition: { type: 'long', minimum: 9, maximum: 10 },
    allows: [9, 10],
    refuses: [8, 11, '10000000000000000', '-9223372036854775808'],
  },
  {
    definition: { type: 'currency', minimum: '-1.5', maximum: '10' },
    allows: ['-1.5', '-1.50', -1.4, '-0.0001', 0, '9.9999', '2', '10.0'],
    refuses: ['-1.5001', '-2', '-10', '10.0001', 11, '100', '1000000000000000000'],
  },
  {
    definition: { type: 'date', minimum: '1900-01-01', maximum: '1999-12-31' },
    allows: ['1900-01-01', '1950-06-01', '1999-12-31'],
    refuses: ['1899-12-31', '2000-01-01', '0001-01-01'],
  },
  {
    definition: { type: 'datetime', minimum: '2024-01-01T00:00:00+01:00', maximum: '2024-12-31T23:59:59.999Z' },
    allows: ['2023-12-31T23:00:00Z', '2024-01-01T00:00:00+01:00', '2025-01-01T01:00:00+02:00'],
    refuses: ['2024-01-01T00:00:00+02:00', '2023-12-31T22:59:59.999Z', '2025-01-01T00:00:00Z'],
  },
  { definition: { minLength: 2 }, allows: ['ab', 'abc', '😀😀'], refuses: ['', 'a', '😀'] },
  { definition: { pattern: '[0-9]{5}' }, allows: ['12345'], refuses: ['1234', '123456', 'x12345', '12345\n', ''] },
  { definition: { pattern: 'a|bc' }, allows: ['a', 'bc'], refuses: ['ac', 'abc'] },
  { definition: { pattern: '(?i)\\p{L}+' }, allows: ['Zoë', 'ЖЖ'], refuses: ['Z1', ' '] },
  { definition: { pattern: '.' }, allows: ['a', '😀'], refuses: ['\n', 'ab'] },
  { definition: { format: 'phone' }, allows: ['+4930123'], refuses: ['030123', '+0123'] },
];

describe('rules/constraints', () => {
  for (const { definition, allows, refuses } of ROWS) {
    it(`R24 ${JSON.stringify(definition)}`, () => {
      for (const value of allows) expect(faultsOfValue(definition, value), String(value)).to.deep.equal([]);
      for (const value of refuses) expect(faultsOfValue(definition, value), String(value)).to.deep.equal(['R24 ']);
    });
  }

  it('R3 R24 a value of another type is one violation, whatever the constraints', () => {
    for (const value of [1, true, {}, 'x'.repeat(9)]) {
      expect(faultsOfValue({ length: 8, minLength: 2, pattern: 'a', oneOf: ['a'] }, value)).to.deep.equal(['R3 ']);
    }
    expect(faultsOfValue({ type: 'integer', minimum: 1 }, '5')).to.deep.equal(['R3 ']);
  });

  it('R11 R24 each constraint that a value breaks is a violation', () => {
    const definition = { minLength: 3, pattern: '[a-z]*', oneOf: ['abc'] };
    expect(faultsOfValue(definition, '1')).to.deep.equal(['R24 ', 'R24 ', 'R24 ']);
    expect(faultsOfValue(definition, 'b')).to.deep.equal(['R24 ', 'R24 ']);
  });

  it('R5 R24 no value breaks no constraint', () => {
    for (const value of [null, undefined])
      expect(faultsOfValue({ minLength: 3, oneOf: ['abc'] }, value)).to.deep.equal([]);
    expect(faultsOfValue({ multiValued: true, minItems: 2 }, [])).to.deep.equal([]);
  });

  it('R9 R24 a mandatory value that breaks a constraint is one violation', () => {
    expect(faultsOfValue({ mandatory: true, oneOf: ['a'] }, 'b')).to.deep.equal(['R24 ']);
  });

  it('R24 each value of a multi-valued attribute is checked', () => {
    const definition = { multiValued: true, oneOf: ['a', 'b'] };
    expect(faultsOfValue(definition, ['a', 'x', 'b', 'y'])).to.deep.equal(['R24 /1', 'R24 /3']);
    expect(faultsOfValue(definition, 'x')).to.deep.equal(['R24 ']);
  });

  it('R24 minItems and maxItems count values, a bare one as one', () => {
    const definition = { multiValued: true, minItems: 2, maxItems: 3 };
    for (const value of [
      ['a', 'a'],
      ['a', 'b', 'c'],
    ])
      expect(faultsOfValue(definition, value)).to.deep.equal([]);
    for (const value of ['a', ['a'], ['a', 'b', 'c', 'd']])
      expect(faultsOfValue(definition, value)).to.deep.equal(['R24 ']);
    expect(faultsOfValue({ ...definition, oneOf: ['a'] }, ['b'])).to.deep.equal(['R24 /0', 'R24 ']);
  });

  it('R24 maxRecords counts the records of a multi-valued extension', () => {
    const schema = {
      attributes: [],
      extensions: [{ name: 'E', type: 'multi-valued', attributes: [], maxRecords: 2 }],
    } as const;
    for (const E of [{}, [{}, {}], [], null]) expect(faults(schema, { members: { E } })).to.deep.equal([]);
    expect(faults(schema, { members: { e: [{}, {}, {}] } })).to.deep.equal(['R24 /e']);
  });

  it('R24 the attributes of records are checked', () => {
    const attributes = [{ name: 'Kind', type: 'string', oneOf: ['home', 'work'] }] as const;
    const schema = {
      attributes: [],
      extensions: [
        { name: 'Phone', type: 'multi-valued', attributes },
        { name: 'Fax', type: 'single-valued', attributes },
      ],
    } as const;
    const extensions = { Phone: [{ Kind: 'home' }, { Kind: 'x' }], Fax: { Kind: 'y' } };
    expect(faults(schema, { attributes: {}, extensions })).to.deep.equal([
      'R24 /extensions/Phone/1/Kind',
      'R24 /extensions/Fax/Kind',
    ]);
  });

  it('R6 R24 a default is kept in the place of what is left out', () => {
    const attributes = [{ name: 'A', type: 'currency', oneOf: ['1.50'], default: '1.50' }] as const;
    expect(kept({ attributes }, { attributes: {} }).attributes).to.deep.equal({ A: '1.5' });
  });
});
