import { expect } from 'chai';
import fc from 'fast-check';
import { acceptAttributes } from '../../src/rules/attribute-values.js';
import { checkRepresentation } from '../../src/rules/check-representation.js';
import { compileSchema } from '../../src/rules/compiled-schema.js';
import { DocumentSize, isLargerThan } from '../../src/rules/document-size.js';
import { NO_PROFILE_LIMITS } from '../../src/rules/profile-limits.js';

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

const limitedTo = (maxProfileBytes: number) => ({ ...NO_PROFILE_LIMITS, maxProfileBytes });

function counted(value: unknown): number {
  const size = new DocumentSize();
  size.addValue(value);
  return size.bytes;
}

const SCHEMA = compileSchema(1, {
  attributes: [
    { name: 'Name', type: 'string', default: 'é"' },
    { name: 'Amount', type: 'currency' },
    { name: 'Texts', type: 'string', multiValued: true },
  ],
  extensions: [
    {
      name: 'Note',
      type: 'multi-valued',
      attributes: [
        { name: 'Text', type: 'string' },
        { name: 'Kind', type: 'integer', default: 17 },
      ],
    },
    { name: 'Other', type: 'single-valued', attributes: [{ name: 'Text', type: 'string' }] },
  ],
  identificationKeys: [],
});

describe('The size of a document', () => {
  it('is exactly what JSON takes in UTF-8', () => {
    for (const value of [
      '',
      '"\\',
      '\b\t\n\f\r\u0001\u007f',
      'é€😀',
      '\ud800',
      'x\udc00y',
      1e21,
      -0.5,
      true,
      null,
      {},
      [],
    ]) {
      expect(counted(value), JSON.stringify(value)).to.equal(bytesOf(value));
    }
    fc.assert(fc.property(fc.jsonValue(), (value) => counted(value) === bytesOf(value)));
    expect(counted({ A: undefined, B: [] })).to.equal(bytesOf({ A: undefined, B: [] }));
  });

  it('is counted while a representation is checked, as what is kept takes it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((one) => !one.includes('\0'));
    const record = fc.record({ Text: text, kind: fc.integer({ min: 0, max: 99 }) }, { requiredKeys: [] });
    const attributes = fc.record(
      { name: text, Amount: fc.constantFrom('1.50', 2), Texts: fc.oneof(text, fc.array(text), fc.constant(null)) },
      { requiredKeys: [] },
    );
    const extensions = fc.record(
      { Note: fc.oneof(fc.array(record), record, fc.constant(null)), other: fc.constantFrom({}, { Text: 'x' }, []) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.record({ attributes, extensions }), (representation) => {
        const check = checkRepresentation(SCHEMA, representation);
        if (!check.valid) throw new Error(JSON.stringify(check.violations));
        const sizes = [bytesOf(check.checked.attributes), bytesOf(check.checked.extensions)];
        const limit = Math.max(...sizes);
        expect(checkRepresentation(SCHEMA, representation, limitedTo(limit)).valid).to.equal(true);
        const over = checkRepresentation(SCHEMA, representation, limitedTo(limit - 1));
        expect(over).to.deep.include({ valid: false, violations: [] });
        expect(over).to.have.property('tooLarge', sizes[0] === limit ? 'attributes' : 'extensions');
      }),
    );
  });

  it('is not counted beyond the limit, nor is what is given looked at', () => {
    let looked = 0;
    const endless = new Proxy([], {
      get: (_, member) => {
        if (member === 'length') return 1e9;
        looked += 1;
        return 'xxxxxxxx';
      },
    });
    const size = new DocumentSize(1_024);
    acceptAttributes(SCHEMA.attributes, { Texts: endless }, size);
    expect(size.bytes > size.limit).to.equal(true);
    expect(looked).to.be.lessThan(200);
    expect(isLargerThan(5, [1, 2])).to.equal(false);
    expect(isLargerThan(4, [1, 2])).to.equal(true);
  });

  it('R11 violations that come before the limit are what is reported', () => {
    const check = checkRepresentation(SCHEMA, { attributes: { Nmae: 1, Texts: ['x'.repeat(200)] } }, limitedTo(100));
    expect(check).to.have.nested.property('violations[0].pointer', '/attributes/Nmae');
  });
});
