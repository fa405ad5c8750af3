import { expect } from 'chai';
import fc from 'fast-check';
import type { StoredSchema } from '../../src/model/stored-schema.js';
import { isCanonical, nextCanonicalSince } from '../../src/rules/canonical-form.js';
import { checkRepresentation } from '../../src/rules/check-representation.js';
import { compileSchema } from '../../src/rules/compiled-schema.js';
import { sentRepresentation, toRepresentation } from '../model/arbitrary-representations.js';
import { modelSchema } from '../model/arbitrary-schemas.js';
import { propertyRuns } from '../property-runs.js';

const A = { name: 'A', type: 'string' } as const;
const B = { name: 'B', type: 'integer' } as const;
const C = { name: 'C', type: 'string', multiValued: true } as const;
const E = { name: 'E', type: 'multi-valued', attributes: [A, B] } as const;

function schemaOf(attributes: StoredSchema['attributes'], extensions: StoredSchema['extensions'] = []): StoredSchema {
  return { attributes, extensions, identificationKeys: [] };
}

describe('canonical documents', () => {
  it('R13: what a replacement stores is canonical', () => {
    const sent = modelSchema.chain((schema) => fc.tuple(fc.constant(schema), sentRepresentation(schema, false)));
    fc.assert(
      fc.property(sent, ([{ definition }, representation]) => {
        const { extensions = [], attributes } = definition;
        const schema = compileSchema(1, { attributes, extensions, identificationKeys: [] });
        const check = checkRepresentation(schema, toRepresentation(representation));
        fc.pre(check.valid);
        expect(isCanonical(schema, check.checked)).to.equal(true);
      }),
      { numRuns: propertyRuns({ full: 1_000, quick: 100 }) },
    );
  });

  const schema = compileSchema(1, schemaOf([A, B, C], [E]));
  for (const [title, attributes, extensions] of [
    ['in another order', { B: 1, A: 'a' }, {}],
    ['in another case', { a: 'a' }, {}],
    ['of another type', { A: 1 }, {}],
    ['of another multiplicity', { C: 'c' }, {}],
    ['without a definition', { A: 'a', D: 'd' }, {}],
    ['with an extension without records', {}, { E: [] }],
    ['with a member of a record that the schema does not know', {}, { E: [{ A: 'a', D: 'd' }] }],
    ['with records in another order of members', {}, { E: [{ B: 1, A: 'a' }] }],
  ] as const) {
    it(`R13: documents ${title} are not canonical`, () => {
      expect(isCanonical(schema, { attributes, extensions } as never)).to.equal(false);
    });
  }

  for (const [title, before, after, goesOn] of [
    ['an attribute that comes', [A, B], [A, C, B], true],
    ['an attribute that goes', [A, B], [A], false],
    ['an attribute of another type', [A, B], [A, { ...B, type: 'long' }], false],
    ['an attribute of another multiplicity', [A, C], [A, { ...C, multiValued: false }], false],
    ['an attribute in another case', [A], [{ ...A, name: 'a' }], false],
    ['attributes in another order', [A, B], [B, A], false],
    ['an attribute with another constraint', [A], [{ ...A, length: 3, mandatory: true }], true],
  ] as const) {
    it(`R13: ${title} ${goesOn ? 'leaves documents canonical' : 'makes them a case for a look'}`, () => {
      expect(nextCanonicalSince(7, schemaOf(before), schemaOf(after))).to.equal(goesOn ? 1 : 8);
      const ofRecords = (attributes: readonly (typeof A)[]) => schemaOf([], [{ ...E, attributes }]);
      const [one, other] = [ofRecords(before as never), ofRecords(after as never)];
      expect(nextCanonicalSince(7, one, other)).to.equal(goesOn ? 1 : 8);
    });
  }

  it('R13: an extension that goes, or becomes single-valued, makes them a case for a look; one that comes does not', () => {
    const single = { ...E, type: 'single-valued' } as const;
    expect(nextCanonicalSince(7, schemaOf([], [E]), schemaOf([], []))).to.equal(8);
    expect(nextCanonicalSince(7, schemaOf([], [E]), schemaOf([], [single]))).to.equal(8);
    expect(nextCanonicalSince(7, { ...schemaOf([], []), canonicalSince: 4 }, schemaOf([], [E]))).to.equal(4);
  });
});
