import { expect } from 'chai';
import { readSchemaDefinition } from '../../src/definitions/read-definition.js';
import { TEXTS } from '../rules/check.js';
import { refusalOf, schemaFaultsOf, withAttribute, withExtension } from './schema-faults-of.js';

const TYPES = ['string', 'boolean', 'integer', 'long', 'double', 'currency', 'date', 'datetime'];

/** A value of each type. */
const VALUES: Readonly<Record<string, unknown>> = {
  string: 'a',
  boolean: true,
  integer: 1,
  long: 1,
  double: 1.5,
  currency: '1',
  date: '2024-02-29',
  datetime: '2024-02-29T00:00:00Z',
};

const faultsOf = (attribute: object) =>
  schemaFaultsOf(withAttribute(attribute)).map((fault) => fault.replace('/attributes/0/', ''));

describe('definitions: constraints', () => {
  it('R24 each member is for some types alone', () => {
    const ordered = ['integer', 'long', 'double', 'currency', 'date', 'datetime'];
    const takenBy: Readonly<Record<string, readonly string[]>> = {
      oneOf: ['string', 'integer', 'long', 'currency', 'date'],
      minimum: ordered,
      maximum: ordered,
      minLength: ['string'],
      pattern: ['string'],
      format: ['string'],
    };
    for (const type of TYPES) {
      const value = VALUES[type];
      const members = { oneOf: [value], minimum: value, maximum: value, minLength: 0, pattern: '.', format: 'uri' };
      for (const [member, given] of Object.entries(members)) {
        const expected = takenBy[member]?.includes(type) ? [] : [`R24 ${member}`];
        expect(faultsOf({ type, [member]: given }), `${member} of ${type}`).to.deep.equal(expected);
      }
    }
  });

  it('R24 minItems and maxItems are for multi-valued attributes, maxRecords for multi-valued extensions', () => {
    expect(faultsOf({ multiValued: true, minItems: 2, maxItems: 2 })).to.deep.equal([]);
    expect(faultsOf({ minItems: 2, maxItems: 3 })).to.deep.equal(['R24 minItems', 'R24 maxItems']);
    expect(schemaFaultsOf(withExtension({ maxRecords: 1 }))).to.deep.equal([]);
    expect(schemaFaultsOf(withExtension({ type: 'single-valued', maxRecords: 1 }))).to.deep.equal([
      'R24 /extensions/0/maxRecords',
    ]);
  });

  it('R24 counts and lengths are integers in their range', () => {
    const wrong = ['1', 1.5, -1, null, [], Number.NaN, 1e9, true];
    for (const value of wrong) {
      expect(faultsOf({ minLength: value })).to.deep.equal(['R24 minLength']);
      for (const member of ['minItems', 'maxItems']) {
        expect(faultsOf({ multiValued: true, [member]: value })).to.deep.equal([`R24 ${member}`]);
      }
      expect(schemaFaultsOf(withExtension({ maxRecords: value }))).to.deep.equal(['R24 /extensions/0/maxRecords']);
    }
    expect(faultsOf({ multiValued: true, minItems: 0, minLength: 0 })).to.deep.equal([]);
    expect(faultsOf({ multiValued: true, maxItems: 0 })).to.deep.equal(['R24 maxItems']);
    expect(schemaFaultsOf(withExtension({ maxRecords: 0 }))).to.deep.equal(['R24 /extensions/0/maxRecords']);
  });

  it('R24 bounds and choices are values of the type', () => {
    expect(faultsOf({ type: 'integer', minimum: '1', maximum: 2 ** 31 })).to.deep.equal(['R24 minimum', 'R24 maximum']);
    expect(faultsOf({ type: 'date', minimum: '2023-02-29' })).to.deep.equal(['R24 minimum']);
    expect(faultsOf({ type: 'long', maximum: '5' })).to.deep.equal(['R24 maximum']);
    expect(faultsOf({ type: 'double', minimum: null })).to.deep.equal(['R24 minimum']);
    expect(faultsOf({ type: 'integer', oneOf: [1, '2', 2.5, null] })).to.deep.equal([
      'R24 oneOf/1',
      'R24 oneOf/2',
      'R24 oneOf/3',
    ]);
    expect(faultsOf({ length: 2, oneOf: ['ab', 'abc'] })).to.deep.equal(['R24 oneOf/1']);
  });

  it('R24 oneOf has 1 to 1,000 values', () => {
    const many = Array.from({ length: 1_001 }, (_, index) => index);
    expect(faultsOf({ type: 'integer', oneOf: many.slice(1) })).to.deep.equal([]);
    for (const oneOf of [[], many, 'ab', null, {}, new Set([1]), { 0: 1, length: 1 }]) {
      expect(faultsOf({ type: 'integer', oneOf })).to.deep.equal(['R24 oneOf']);
    }
    // biome-ignore lint/suspicious/noSparseArray: the test needs a sparse array
    expect(faultsOf({ type: 'integer', oneOf: [1, , 2] })).to.deep.equal(['R24 oneOf/1']);
  });

  it('R24 members that contradict each other are refused, once', () => {
    expect(faultsOf({ type: 'integer', minimum: 2, maximum: 1, oneOf: [1, 2], default: 1 })).to.deep.equal([
      'R24 minimum',
    ]);
    expect(faultsOf({ type: 'currency', minimum: '10', maximum: '9.5' })).to.deep.equal(['R24 minimum']);
    expect(faultsOf({ type: 'long', minimum: '9007199254740993', maximum: 5 })).to.deep.equal(['R24 minimum']);
    const [early, late] = ['2024-01-01T01:00:00+02:00', '2024-01-01T00:00:00Z'];
    expect(faultsOf({ type: 'datetime', minimum: early, maximum: late })).to.deep.equal([]);
    expect(faultsOf({ type: 'datetime', minimum: late, maximum: early })).to.deep.equal(['R24 minimum']);
    expect(faultsOf({ minLength: 6, length: 5 })).to.deep.equal(['R24 minLength']);
    expect(faultsOf({ minLength: 257 }), 'the default length').to.deep.equal(['R24 minLength']);
    expect(faultsOf({ multiValued: true, minItems: 3, maxItems: 2 })).to.deep.equal(['R24 minItems']);
    expect(faultsOf({ type: 'integer', minimum: 1, maximum: 1, oneOf: [1] })).to.deep.equal([]);
  });

  it('R24 a value of oneOf that the rest refuses is refused', () => {
    expect(faultsOf({ oneOf: ['ab', 'a', 'Ab'], minLength: 2, pattern: '[a-z]*' })).to.deep.equal([
      'R24 oneOf/1',
      'R24 oneOf/2',
    ]);
    expect(faultsOf({ type: 'date', oneOf: ['2024-01-01', '2023-01-01'], minimum: '2024-01-01' })).to.deep.equal([
      'R24 oneOf/1',
    ]);
    expect(faultsOf({ format: 'country', oneOf: ['DE', 'de'] })).to.deep.equal(['R24 oneOf/1']);
  });

  it('R4 R24 a default that the rest refuses is refused', () => {
    expect(faultsOf({ oneOf: ['a'], default: 'b' })).to.deep.equal(['R24 default']);
    expect(faultsOf({ pattern: 'a+', minLength: 3, default: 'aa' })).to.deep.equal(['R24 default']);
    expect(faultsOf({ format: 'email', default: 'nobody' })).to.deep.equal(['R24 default']);
    expect(faultsOf({ multiValued: true, minItems: 2, default: 'a' })).to.deep.equal(['R24 default']);
    expect(faultsOf({ multiValued: true, oneOf: ['a'], default: ['a', 'b'] })).to.deep.equal(['R24 default/1']);
    expect(faultsOf({ type: 'currency', oneOf: ['1.50'], default: 1.5 })).to.deep.equal([]);
  });

  it('R24 a pattern has RE2 syntax', () => {
    for (const pattern of ['', '[a-z]+', '(?i)a', '(?P<n>a)', '\\pL', '\\Qa.b\\E', '[[:alpha:]]', 'a{1,400}?', '^a$']) {
      expect(faultsOf({ pattern }), pattern).to.deep.equal([]);
    }
    for (const pattern of [
      '(',
      'a**',
      '[',
      '\\',
      '(?=a)',
      '(?<!a)b',
      '(a)\\1',
      'a{1001}',
      '[z-a]',
      '(?u)a',
      '\\p{Nope}',
      '+',
    ]) {
      expect(faultsOf({ pattern }), pattern).to.deep.equal(['R24 pattern']);
    }
    for (const pattern of [1, null, /a/, ['a'], '\ud800', 'a\0']) {
      expect(faultsOf({ pattern })[0], String(pattern)).to.match(/^R(?:24|11) pattern$/);
    }
  });

  it('R24 a pattern is bounded: its length, its nesting, and what it compiles to', () => {
    expect(faultsOf({ pattern: 'a'.repeat(990) })).to.deep.equal([]);
    for (const pattern of [
      'a'.repeat(1_001),
      '((a{50}){50}){50}',
      '(?:a{30}){40}',
      '('.repeat(999),
      '(a{1000}){1000}',
    ]) {
      expect(faultsOf({ pattern }), pattern.slice(0, 20)).to.deep.equal(['R24 pattern']);
    }
  });

  it('R24 a format is one of eight', () => {
    for (const format of ['email', 'uri', 'uuid', 'phone', 'language', 'country', 'currency-code', 'timezone']) {
      expect(faultsOf({ format })).to.deep.equal([]);
    }
    for (const format of ['Email', 'date', '', 'toString', 1, null, ['email']]) {
      expect(faultsOf({ format })).to.deep.equal(['R24 format']);
    }
  });

  it('R24 the attributes of extensions are checked likewise', () => {
    const attributes = [{ name: 'A', type: 'boolean', oneOf: [true] }];
    expect(schemaFaultsOf(withExtension({ attributes }))).to.deep.equal(['R24 /extensions/0/attributes/0/oneOf']);
  });

  it('R24 a fault says what was expected, and what to do', () => {
    const expectedOf = (attribute: object) => refusalOf(withAttribute(attribute))?.violations[0]?.expected;
    expect(expectedOf({ type: 'boolean', oneOf: [true] })).to.equal(
      'no `oneOf`, which only string, integer, long, currency, date attributes have',
    );
    expect(expectedOf({ minLength: 300 })).to.equal('at most the `length`, 256');
    expect(expectedOf({ pattern: '(' })).to.match(/^a regular expression in RE2 syntax \(.*missing closing \)/);
    expect(expectedOf({ pattern: 'a{1,600}' })).to.equal(
      'a shorter pattern, or smaller repetitions: it compiles to more than 1000 instructions',
    );
  });
});

describe('definitions: titles and descriptions', () => {
  it('R25 a title has at most 256 code points, a description 4,096', () => {
    for (const place of [withAttribute, withExtension]) {
      const faults = (definition: object) =>
        schemaFaultsOf(place(definition)).map((fault) => fault.replace(/\S*\/0\//, ''));
      expect(faults({ title: '😀'.repeat(256), description: '😀'.repeat(4_096) })).to.deep.equal([]);
      expect(faults({ title: '', description: 'a\nb' })).to.deep.equal([]);
      expect(faults({ title: 'a'.repeat(257), description: 'a'.repeat(4_097) })).to.deep.equal([
        'R25 title',
        'R25 description',
      ]);
      for (const value of [1, null, {}, '\ud800', 'a\0']) expect(faults({ title: value })).to.deep.equal(['R25 title']);
    }
  });

  it('R24 R25 the schema that is read has the members as given', () => {
    const definition = {
      type: 'currency',
      multiValued: true,
      oneOf: ['9.90', 5],
      minimum: '1.00',
      maximum: 10,
      minItems: 1,
      maxItems: 2,
      title: 'Fee',
      description: 'Per month.',
    };
    expect(readSchemaDefinition(withAttribute(definition), TEXTS)).to.deep.equal(withAttribute(definition));
    const extension = withExtension({ maxRecords: 3, title: 'Phones', description: '' });
    expect(readSchemaDefinition(extension, TEXTS)).to.deep.equal(extension);
  });
});
