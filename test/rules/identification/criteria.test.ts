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

describe('what is asked for', () => {
  it('W6 names attributes of the profile and of extensions, without regard to case', () => {
    expect(read({ a: 'x', 'PHONE.a': 'y', MANY: 'z' }).asked).to.deep.equal([
      [undefined, 'A', 'x'],
      ['Phone', 'A', 'y'],
      [undefined, 'Many', 'z'],
    ]);
  });

  it('R2 W6 names that exist on JavaScript objects are names like any other', () => {
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

  it('W6 what is no such name is refused', () => {
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

  it('R2 W6 one attribute asked for twice is refused, in any case', () => {
    expect(read({ A: 'x', a: 'x' }).faults).to.deep.equal(['R2 /a']);
    expect(read({ 'Phone.A': 'x', 'phone.a': 'y' }).faults).to.deep.equal(['R2 /phone.a']);
    expect(read({ A: 'x', 'Phone.A': 'x' }).faults).to.deep.equal([]);
  });

  it('R3 W6 values are typed as in a representation, and never coerced', () => {
    for (const value of [1, true, null, undefined, ['x'], {}, 'x\u0000', 'x'.repeat(257)]) {
      expect(read({ A: value }).faults, typeof value).to.deep.equal(['W6 /A']);
    }
    for (const value of ['1', 1.5, 2 ** 31, Number.NaN, null])
      expect(read({ B: value }).faults).to.deep.equal(['W6 /B']);
    expect(read({ Many: ['x'] }).faults).to.deep.equal(['W6 /Many']);
  });

  it('W6 values as text are parsed by the type of the attribute, and nothing but text is', () => {
    expect(read({ A: '42', B: '42' }, 'text').asked).to.deep.equal([
      [undefined, 'A', '42'],
      [undefined, 'B', 42],
    ]);
    for (const value of ['x', '', '1.5', 42, null, ['42']]) {
      expect(read({ B: value }, 'text').faults).to.deep.equal(['W6 /B']);
    }
  });

  it('W6 what is no object of values by name is refused', () => {
    for (const input of ['A', 7, null, undefined, [], ['A'], new Map([['A', 'x']])]) {
      expect(read(input).faults, String(input)).to.include('W6 ');
    }
  });

  it('R11 a fault never repeats the value', () => {
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

describe('the key that is inferred', () => {
  const inferred = (input: Record<string, unknown>) => inferKey(SCHEMA, read(input).criteria)?.name;

  it('W6 is the first, in the order of definition, whose attributes are all given', () => {
    expect(inferred({ A: 'x' })).to.equal('byA');
    expect(inferred({ A: 'x', B: 1 })).to.equal('byBoth');
    expect(inferred({ 'Phone.A': 'x', A: 'x' })).to.equal('byA');
    expect(inferred({ 'Phone.A': 'x', B: 1 })).to.equal('byPhone');
  });

  it('W6 is none where no key is covered: an attribute of an extension is not the one of the profile', () => {
    expect(inferred({})).to.equal(undefined);
    expect(inferred({ B: 1 })).to.equal(undefined);
    expect(inferred({ Many: 'x', B: 1 })).to.equal(undefined);
    const [byBoth, byA, , byPhone] = SCHEMA.keys;
    const { criteria } = read({ 'Phone.A': 'x' });
    expect([byBoth, byA, byPhone].map((key) => key && covers(criteria, key))).to.deep.equal([false, false, true]);
  });

  it('R21 W6 is never one that is still filling', () => {
    const identificationKeys = ['new', 'old'].map((name) => ({ name, attributes: ['A'] }));
    const schema = compile({ ...DEFINITIONS, identificationKeys }, ['new']);
    const criteria = readCriteria(schema, { A: 'x' }, 'typed', new Violations());
    expect(inferKey(schema, criteria)?.name).to.equal('old');
  });
});
