import { expect } from 'chai';
import type { AttributeDefinition, IdentificationKeyDefinition, ScalarValue, SchemaDefinition } from 'dossier';
import { VALUE_TYPES, type ValueType } from '../../../src/model/schema.js';
import { checkRepresentation } from '../../../src/rules/check-representation.js';
import type { CompiledExtension } from '../../../src/rules/compiled-schema.js';
import { keyValues, MAX_ENTRIES_PER_KEY } from '../../../src/rules/identification/key-values.js';
import { decideMerge } from '../../../src/rules/merge.js';
import { decideRecordUpdate } from '../../../src/rules/record-change.js';
import { checkInsertion } from '../../../src/rules/record-insertion.js';
import { valueCheck } from '../../../src/rules/values/index.js';
import { compile, compileKey } from './identify.js';

const ATTRIBUTES: AttributeDefinition[] = [
  { name: 'A', type: 'string', multiValued: true },
  { name: 'B', type: 'string', multiValued: true },
  { name: 'C', type: 'string' },
  { name: 'N', type: 'integer' },
];
const EXTENSIONS: SchemaDefinition['extensions'] = [
  {
    name: 'Phone',
    type: 'multi-valued',
    attributes: [
      { name: 'Number', type: 'string' },
      { name: 'Kind', type: 'string' },
    ],
  },
];

/** The sorted combinations of values that a profile has for a key. */
function combinations(
  attributes: readonly string[],
  profile: Record<string, ScalarValue | ScalarValue[]>,
  options: Partial<IdentificationKeyDefinition> = {},
): unknown[] {
  const key = compileKey({ attributes: ATTRIBUTES, extensions: EXTENSIONS }, { name: 'K', attributes, ...options });
  return read(keyValues(key, profile, {}));
}

function ofPhone(attributes: readonly string[], records: Record<string, string>[]): unknown[] {
  const key = compileKey(
    { attributes: ATTRIBUTES, extensions: EXTENSIONS },
    { name: 'K', source: 'phone', attributes },
  );
  return read(keyValues(key, { Number: 'of the profile' }, { Phone: records }));
}

const read = (values: ReadonlySet<string>) => [...values].map((value) => JSON.parse(value));

describe('the values of a key', () => {
  it('R18 are all combinations of the values of multi-valued attributes', () => {
    expect(combinations(['A', 'C', 'B'], { A: ['1', '2'], B: ['x', 'y'], C: 'c' })).to.have.deep.members([
      ['1', 'c', 'x'],
      ['1', 'c', 'y'],
      ['2', 'c', 'x'],
      ['2', 'c', 'y'],
    ]);
  });

  it('R18 are in the order of the key, without duplicates', () => {
    expect(combinations(['C', 'N'], { N: 1, C: 'c' })).to.deep.equal([['c', 1]]);
    expect(combinations(['N', 'C'], { N: 1, C: 'c' })).to.deep.equal([[1, 'c']]);
    expect(combinations(['A'], { A: ['x', 'X', 'x'] })).to.deep.equal([['x'], ['X']]);
    expect(combinations(['A'], { A: ['x', 'X', 'ｘ'] }, { caseSensitive: false })).to.deep.equal([['x']]);
  });

  it('R18 are none if an attribute of the key is missing', () => {
    expect(combinations(['A', 'C'], { A: ['1', '2'] })).to.deep.equal([]);
    expect(combinations(['C', 'A'], { C: 'c', A: [] })).to.deep.equal([]);
    expect(combinations(['C'], {})).to.deep.equal([]);
    expect(combinations(['C'], { C: '' })).to.deep.equal([['']]);
  });

  it('R18 of an extension are those of the records that have all attributes of the key', () => {
    const records = [{ Number: '1', Kind: 'home' }, { Number: '2' }, { Kind: 'work' }, { Number: '1', Kind: 'home' }];
    expect(ofPhone(['Number', 'Kind'], records)).to.deep.equal([['1', 'home']]);
    expect(ofPhone(['Number'], records)).to.deep.equal([['1'], ['2']]);
    expect(ofPhone(['Number'], [])).to.deep.equal([]);
  });

  it('R18 of different attributes are never confused by concatenation', () => {
    const joined = [
      ['ab', 'c'],
      ['a', 'bc'],
      ['a","b', 'c'],
      ['a', 'b","c'],
      ['a\u0001', 'b'],
      ['a', '\u0001b'],
      ['["a"]', ''],
      ['', '["a"]'],
    ].map(([a = '', c = '']) => JSON.stringify(combinations(['A', 'C'], { A: [a], C: c })));
    expect(new Set(joined).size).to.equal(joined.length);
  });

  const SAME: Readonly<Record<ValueType, readonly (readonly unknown[])[]>> = {
    string: [['a'], ['A'], [' a'], ['a '], ['á'], ['a\u0301']],
    boolean: [[true], [false]],
    integer: [[1, 1.0], [0, -0], [10]],
    long: [[9007199254740991], ['9007199254740993'], ['9007199254740992'], [0, -0]],
    double: [[0, -0], [1.5], [1e300], [0.1], [0.1 + 0.2]],
    currency: [
      [5, '5', '5.00', '05'],
      ['0', '-0.00', 0, -0],
      [-5, '-5.0'],
      ['0.5', 0.5],
    ],
    date: [['2024-02-29'], ['2024-03-01']],
    datetime: [
      ['2024-02-29T13:30:00Z', '2024-02-29T13:30:00.000Z', '2024-02-29T14:30:00+01:00', '2024-02-28T23:30:00-14:00'],
      ['2024-02-29T13:30:00.001Z'],
    ],
  };
  for (const type of VALUE_TYPES) {
    it(`R18 of type ${type} are equal for the same value in any notation, and differ otherwise`, () => {
      const key = compileKey({ attributes: [{ name: 'V', type }] }, { name: 'K', attributes: ['V'] });
      const written = (value: unknown) => {
        const kept = valueCheck(type).accept(value);
        if (kept === undefined) throw new Error(`no ${type}`);
        return [...keyValues(key, { V: kept }, {})].join();
      };
      const groups = SAME[type].map((group) => new Set(group.map(written)));
      for (const group of groups) expect(group.size).to.equal(1);
      expect(new Set(groups.flatMap((group) => [...group])).size).to.equal(groups.length);
    });
  }
});

describe('the number of entries of a key', () => {
  const schema = compile({
    attributes: ATTRIBUTES,
    extensions: EXTENSIONS,
    identificationKeys: [
      { name: 'Pairs', attributes: ['A', 'B'] },
      { name: 'Numbers', source: 'Phone', attributes: ['Number'] },
    ],
  });
  const list = (length: number) => Array.from({ length }, (_, index) => `${index}`);
  const faults = (attributes: Record<string, unknown>, extensions?: Record<string, unknown>) => {
    const result = checkRepresentation(schema, { attributes, extensions });
    return result.valid ? [] : result.violations.map(({ rule }) => rule);
  };

  it(`R18 is at most ${MAX_ENTRIES_PER_KEY} for the attributes of a profile`, () => {
    expect(faults({ A: list(40), B: list(25) })).to.deep.equal([]);
    expect(faults({ A: list(1_000), B: ['x'] })).to.deep.equal([]);
    expect(faults({ A: list(1_001), B: ['x'] })).to.deep.equal(['R18']);
    expect(faults({ A: list(77), B: list(13) })).to.deep.equal(['R18']);
    expect(faults({ A: list(3_000), B: [] })).to.deep.equal([]);
  });

  it('R18 counts values that are equal for the key once', () => {
    expect(faults({ A: Array(2_000).fill('a'), B: [...list(500), ...list(500)] })).to.deep.equal([]);
    expect(faults({ A: ['a', 'A'], B: list(501) })).to.deep.equal(['R18']);
  });

  it(`R18 is at most ${MAX_ENTRIES_PER_KEY} for the records of a profile`, () => {
    const phones = (numbers: readonly string[]) => numbers.map((number) => ({ Number: number }));
    expect(faults({}, { Phone: phones(list(1_000)) })).to.deep.equal([]);
    expect(faults({}, { Phone: phones(list(1_001)) })).to.deep.equal(['R18']);
    expect(faults({}, { Phone: [...phones(list(1_000)), ...phones(list(1_000))] })).to.deep.equal([]);
    expect(faults({}, { Phone: [...phones(list(1_000)), ...list(1_000).map(() => ({ Kind: 'x' }))] })).to.deep.equal(
      [],
    );
  });

  it('R18 is checked when records are inserted, updated or merged', () => {
    const numbered = (count: number, first = 0) => list(count).map((number) => ({ Number: `${first}-${number}` }));
    const current = (records: Record<string, string>[]) => ({ attributes: {}, extensions: { Phone: records } });
    const inserted = (count: number) => checkInsertion(schema, { Phone: numbered(count, 1) })(current(numbered(600)));
    const merged = (count: number) => decideMerge(schema, current(numbered(600)), current(numbered(count, 1)), false);
    const [phone] = schema.extensions;
    const updated = (count: number) =>
      decideRecordUpdate(
        schema,
        { ...(phone as CompiledExtension), unique: ['Kind'] },
        current([...numbered(count), { Kind: 'x' }]),
        { Kind: 'x', Number: 'new' },
      );
    expect([inserted(400), merged(400), updated(999)].map(({ kind }) => kind)).to.deep.equal([
      'changed',
      'merged',
      'changed',
    ]);
    for (const decision of [inserted(401), merged(401), updated(1_000)]) {
      expect(decision).to.have.property('kind', 'refused');
      expect(decision).to.have.nested.property('violations[0].rule', 'R18');
    }
  });

  it('R18 is 0 for a profile with more, which is older than the key', () => {
    const [pairs, numbers] = schema.keys;
    if (!pairs || !numbers) throw new Error('Two keys were expected.');
    const [A, B] = [list(30_000), list(30_000)];
    expect(keyValues(pairs, { A, B }, {}).size).to.equal(0);
    expect(keyValues(numbers, {}, { Phone: A.map((number) => ({ Number: number })) }).size).to.equal(0);
  });

  it('R11 R18 a violation names the key, and contains no value', () => {
    const A = list(1_001).map((each) => `secret${each}`);
    const result = checkRepresentation(schema, { attributes: { A, B: ['secret'] } });
    const violations = result.valid ? [] : result.violations;
    expect(JSON.stringify(violations)).to.include('Pairs').and.not.to.include('secret');
  });
});
