import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import { Violations } from '../../../src/model/violation.js';
import { covers, inferKey, readCriteria } from '../../../src/rules/identification/criteria.js';
import { compile } from './identify.js';

const DEFINITIONS: SchemaDefinition = {
  attributes: [
    { name: 'A', type: 'string' },
    { name: 'B', type: 'integer' },
    { name: 'Many', type: 'string', multiValued: true },
    { name: 'toString', type: 'string' },
  ],
  extensions: [
    { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'A', type: 'string' }] },
    { name: 'constructor', type: 'single-valued', attributes: [{ name: 'constructor', type: 'long' }] },
  ],
};
const SCHEMA = compile({
  ...DEFINITIONS,
  identificationKeys: [
    { name: 'byBoth', attributes: ['B', 'A'] },
    { name: 'byA', attributes: ['A'] },
    { name: 'alsoByA', attributes: ['A'] },
    { name: 'byPhone', source: 'Phone', attributes: ['A'] },
  ],
});

function read(input: unknown, form: 'typed' | 'text' = 'typed') {
  const violations = new Violations();
  const criteria = readCriteria(SCHEMA, input as Record<string, unknown>, form, violations);
  return {
    criteria,
    asked: criteria.map(({ extension, attribute, value }) => [extension?.name, attribute.name, value]),
    faults: violations.items.map(({ pointer, rule }) => `${rule} ${pointer}`),
    message: violations.items.map(({ expected }) => expected).join(),
  };
}

describe('readCriteria', () => {
  it('W6 finds attributes of the profile and of extensions by name, ignoring case', () => {
    expect(read({ a: 'x', 'PHONE.a': 'y', MANY: 'z' }).asked).to.deep.equal([
      [undefined, 'A', 'x'],
      ['Phone', 'A', 'y'],
      [undefined, 'Many', 'z'],
    ]);
  });

  it('R2 W6 names of members of JavaScript objects are valid names', () => {
    const own = JSON.parse('{"toString": "x", "constructor.constructor": "9007199254740993"}');
    const { asked, faults } = read(own);
    expect(faults).to.deep.equal([]);
    expect(asked).to.deep.equal([
      [undefined, 'toString', 'x'],
      ['constructor', 'constructor', '9007199254740993'],
    ]);
    const hostile = JSON.parse('{"__proto__": "x", "constructor": "x", "valueOf": "x", "Phone.toString": "x"}');
    expect(read(hostile).faults).to.deep.equal([
      'W6 /__proto__',
      'W6 /constructor',
      'W6 /valueOf',
      'W6 /Phone.toString',
    ]);
  });

  it('W6 refuses a name that the schema does not declare', () => {
    for (const name of [
      '',
      '.',
      'A.',
      '.A',
      'Phone',
      'Phone.',
      'Phone.B',
      'Phone.A.A',
      'profile.A',
      'Nope.A',
      'Nope',
      'A ',
      ' A',
      'Phone. A',
      'Phone/A',
      'Phone:A',
      '\u212A',
      '*',
    ]) {
      expect(read({ [name]: 'x' }).faults, name).to.deep.equal([`W6 /${name.replaceAll('/', '~1')}`]);
    }
  });

  it('R2 W6 refuses two values for the same attribute, in any case', () => {
    expect(read({ A: 'x', a: 'x' }).faults).to.deep.equal(['R2 /a']);
    expect(read({ 'Phone.A': 'x', 'phone.a': 'y' }).faults).to.deep.equal(['R2 /phone.a']);
    expect(read({ A: 'x', 'Phone.A': 'x' }).faults).to.deep.equal([]);
  });

  it('R3 W6 checks typed values as in a representation, without coercion', () => {
    for (const value of [1, true, null, undefined, ['x'], {}, 'x\u0000', 'x'.repeat(257)]) {
      expect(read({ A: value }).faults, typeof value).to.deep.equal(['W6 /A']);
    }
    for (const value of ['1', 1.5, 2 ** 31, Number.NaN, null])
      expect(read({ B: value }).faults).to.deep.equal(['W6 /B']);
    expect(read({ Many: ['x'] }).faults).to.deep.equal(['W6 /Many']);
  });

  it('W6 parses text by the type of the attribute, and refuses text that is not a string', () => {
    expect(read({ A: '42', B: '42' }, 'text').asked).to.deep.equal([
      [undefined, 'A', '42'],
      [undefined, 'B', 42],
    ]);
    for (const value of ['x', '', '1.5', 42, null, ['42']]) {
      expect(read({ B: value }, 'text').faults).to.deep.equal(['W6 /B']);
    }
  });

  it('W6 refuses criteria that are not a plain object', () => {
    for (const input of ['A', 7, null, undefined, [], ['A'], new Map([['A', 'x']])]) {
      expect(read(input).faults, String(input)).to.include('W6 ');
    }
  });

  it('R11 a violation contains no value', () => {
    for (const form of ['typed', 'text'] as const) {
      const { message, faults } = read(
        { B: 'secret', A: 'secret\u0000', Nope: 'secret', 'Phone.A': 'secret\u0000' },
        form,
      );
      expect(faults).to.have.lengthOf(4);
      expect(message).not.to.include('secret');
    }
  });
});

describe('inferKey', () => {
  const inferred = (input: Record<string, unknown>) => inferKey(SCHEMA, read(input).criteria)?.name;

  it('W6 returns the first key, in the order of definition, that the criteria cover', () => {
    expect(inferred({ A: 'x' })).to.equal('byA');
    expect(inferred({ A: 'x', B: 1 })).to.equal('byBoth');
    expect(inferred({ 'Phone.A': 'x', A: 'x' })).to.equal('byA');
    expect(inferred({ 'Phone.A': 'x', B: 1 })).to.equal('byPhone');
  });

  it('W6 returns none if no key is covered: an attribute of an extension is not one of the profile', () => {
    expect(inferred({})).to.equal(undefined);
    expect(inferred({ B: 1 })).to.equal(undefined);
    expect(inferred({ Many: 'x', B: 1 })).to.equal(undefined);
    const [byBoth, byA, , byPhone] = SCHEMA.keys;
    const { criteria } = read({ 'Phone.A': 'x' });
    expect([byBoth, byA, byPhone].map((key) => key && covers(criteria, key))).to.deep.equal([false, false, true]);
  });

  it('R21 W6 never returns a key that is backfilling', () => {
    const identificationKeys = ['new', 'old'].map((name) => ({ name, attributes: ['A'] }));
    const schema = compile({ ...DEFINITIONS, identificationKeys }, ['new']);
    const criteria = readCriteria(schema, { A: 'x' }, 'typed', new Violations());
    expect(inferKey(schema, criteria)?.name).to.equal('old');
  });
});
