import { expect } from 'chai';
import type { Representation, SchemaDefinition } from 'dossier';
import { InvalidProfileError } from 'dossier';
import fc from 'fast-check';
import { checkRepresentation } from '../../src/rules/check-representation.js';
import { propertyRuns } from '../property-runs.js';
import { compile, faults } from './check.js';

const MARKER = 'q7Zp';
const NUMBER = 918_273.645;

const TYPES = ['string', 'boolean', 'integer', 'long', 'double', 'currency', 'date', 'datetime'] as const;

const EACH_TYPE = TYPES.map((type) => ({ name: `A_${type}`, type, ...(type === 'string' && { length: 3 }) }));

/** With constraints that no marked value fulfils. */
const CONSTRAINED = [
  { name: 'C_one', type: 'string', oneOf: ['a'], minLength: 1, pattern: 'b*', format: 'uuid' },
  { name: 'C_many', type: 'string', multiValued: true, minItems: 2, maxItems: 2, pattern: 'c*' },
  { name: 'C_number', type: 'double', minimum: 1, maximum: 2 },
] as const;

const SCHEMA: SchemaDefinition = {
  attributes: [
    ...EACH_TYPE,
    ...EACH_TYPE.map((one) => ({ ...one, name: `M${one.name}`, multiValued: true })),
    ...CONSTRAINED,
  ],
  extensions: [
    { name: 'Single', type: 'single-valued', attributes: EACH_TYPE },
    { name: 'Multi', type: 'multi-valued', attributes: EACH_TYPE, unique: ['A_string', 'A_long'] },
  ],
};

/** Values that can be recognized in a message. */
const marked = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string().map((text) => MARKER + text),
    fc.string().map((text) => text + MARKER),
    fc.constant(NUMBER),
    fc.constant(MARKER),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('A_string', 'A_long', 'A_date', 'a_LONG', 'Unknown', '__proto__'), tie('value'), {
      maxKeys: 3,
    }),
  ),
})).value;

const names = fc.constantFrom(
  ...EACH_TYPE.flatMap(({ name }) => [name, `M${name}`, name.toUpperCase()]),
  ...CONSTRAINED.map(({ name }) => name),
  'Single',
  'Multi',
  'MULTI',
  'Unknown',
  '__proto__',
);
const members = fc.dictionary(names, marked, { maxKeys: 12 });
const representations: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({ members }),
  fc.record({ attributes: members, extensions: members }, { requiredKeys: [] }),
  fc.record({ attributes: marked, extensions: marked }),
  marked,
);

describe('rules/violation', () => {
  it('R11 R24 no violation and no message contains a value', () => {
    fc.assert(
      fc.property(representations, (representation) => {
        const result = checkRepresentation(compile(SCHEMA), representation as Representation);
        fc.pre(!result.valid);
        const error = new InvalidProfileError(result.violations);
        for (const text of [
          error.message,
          JSON.stringify(error),
          JSON.stringify(error.violations),
          String(error.stack),
        ]) {
          expect(text).not.to.include(MARKER);
          expect(text).not.to.include('918273');
        }
      }),
      { numRuns: propertyRuns({ full: 1_000, quick: 300 }) },
    );
  });

  it('R11 every violation has a pointer, the violated rule, and the expected value', () => {
    fc.assert(
      fc.property(representations, (representation) => {
        const result = checkRepresentation(compile(SCHEMA), representation as Representation);
        fc.pre(!result.valid);
        expect(result.violations).to.have.length.within(1, 100);
        for (const violation of result.violations) {
          expect(Object.keys(violation)).to.have.members(['pointer', 'rule', 'expected']);
          expect(violation.pointer).to.match(/^(\/[^/]*)*$/);
          expect(violation.rule).to.match(/^R([1-9]|1[01]|24)$/);
          expect(violation.expected).to.be.a('string').that.is.not.empty;
        }
      }),
    );
  });

  it('R11 reports at most 100 violations, of attributes, values, records and extensions', () => {
    const many = <T>(value: T) => Array.from({ length: 150 }, () => value);
    const unknown = Object.fromEntries(many(0).map((_, index) => [`U${index}`, 1]));
    const hostile: unknown[] = [
      { attributes: unknown },
      { attributes: { MA_long: many('x') } },
      { attributes: {}, extensions: { Multi: many('x') } },
      { attributes: {}, extensions: { Multi: many({}) } },
      { attributes: {}, extensions: { Multi: many({ A_string: 5, A_long: 'x', Other: 1 }) } },
      { attributes: {}, extensions: unknown },
      { attributes: unknown, extensions: { ...unknown, Multi: many('x') } },
      { members: { ...unknown, Multi: many({ x: 1 }) } },
      { attributes: {}, ...unknown },
    ];
    for (const representation of hostile) expect(faults(SCHEMA, representation)).to.have.length(100);
  });

  it('R11 a message names the first violations, in bounded length', () => {
    const long = 'x'.repeat(100_000);
    const result = checkRepresentation(compile(SCHEMA), { attributes: { [long]: 1, A_string: 1, A_long: 'x', B: 1 } });
    expect(result.valid).to.equal(false);
    const { message } = new InvalidProfileError(result.valid ? [] : result.violations);
    expect(message).to.match(/; and 1 more\.$/);
    expect(message.length).to.be.below(1_000);
  });
});
