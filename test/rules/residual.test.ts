import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import type { StoredContent } from '../../src/model/documents.js';
import { keepResidual, movedResidual, residualOf } from '../../src/rules/residual.js';
import { compile } from './check.js';

const SCHEMA: SchemaDefinition = {
  attributes: [
    { name: 'Name', type: 'string' },
    { name: 'Age', type: 'integer', default: 18 },
    { name: 'Email', type: 'string', multiValued: true },
  ],
  extensions: [
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Number', type: 'string' },
        { name: 'Note', type: 'string' },
      ],
      unique: ['Number'],
    },
    { name: 'Tag', type: 'multi-valued', attributes: [{ name: 'Text', type: 'string' }] },
    { name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] },
  ],
};

const schema = compile(SCHEMA);

describe('rules/residual', () => {
  it('R23 values without a definition that they fit are residual, and constraints alone make none', () => {
    const stored = {
      attributes: { Name: 'x'.repeat(1000), Age: 'old', Fax: '1', Email: 'bare' },
      extensions: { Phone: [{ Number: '1', Kind: 2 }, { Number: '2' }], Gone: [{ A: 1 }] },
      residual: { attributes: { Older: true } },
    };
    expect(residualOf(schema, stored)).to.deep.equal({
      attributes: { Age: 'old', Fax: '1', Older: true },
      extensions: { Phone: [{ Kind: 2 }], Gone: [{ A: 1 }] },
    });
    expect(residualOf(schema, { attributes: { name: 'x' }, extensions: {} })).to.equal(undefined);
  });

  it('R23 residual values survive a change', () => {
    const stored = {
      attributes: { Name: 'a', Fax: '1' },
      extensions: {},
      residual: { extensions: { Gone: [{ A: 1 }] } },
    };
    expect(keepResidual(schema, stored, { attributes: { Name: 'b' }, extensions: {} })).to.deep.equal({
      extensions: {},
      residual: { attributes: { Fax: '1' }, extensions: { Gone: [{ A: 1 }] } },
    });
  });

  it('R23 a value given for a retyped attribute takes the place of the residual one, and a default does not', () => {
    const stored = { attributes: { Age: 'old' }, extensions: {} };
    const residualAfter = (Age: number) => keepResidual(schema, stored, { attributes: { Age } }).residual;
    expect(residualAfter(40)).to.equal(undefined);
    expect(residualAfter(18)).to.deep.equal({ attributes: { Age: 'old' } });
  });

  it('R23 a residual value that fits again is none, and goes with the next change that leaves it out', () => {
    const stored = { attributes: {}, extensions: {}, residual: { attributes: { name: 'x', Fax: '1' } } };
    expect(residualOf(schema, stored)).to.deep.equal({ attributes: { Fax: '1' } });
    expect(keepResidual(schema, stored, { attributes: { Email: ['e'] } }).residual).to.deep.equal({
      attributes: { Fax: '1' },
    });
  });

  it('R23 a residual value inside a record stays with the record that succeeds it, and goes with it', () => {
    const stored = {
      attributes: {},
      extensions: {
        Phone: [
          { Number: '1', Kind: 'a' },
          { Number: '2', Kind: 'b' },
        ],
        Tag: [
          { Text: 'x', Old: 1 },
          { Text: 'y', Old: 2 },
        ],
        Address: [{ City: 'Ulm', Zip: 89073 }],
      },
    };
    const next = {
      Phone: [{ Number: '2', Note: 'n' }, { Number: '3' }],
      Tag: [{ Text: 'y' }, { Text: 'z' }],
      Address: [{ City: 'Bonn' }],
    };
    expect(keepResidual(schema, stored, { attributes: {}, extensions: next }).extensions).to.deep.equal({
      Phone: [{ Number: '2', Note: 'n', Kind: 'b' }, { Number: '3' }],
      Tag: [{ Text: 'y', Old: 2 }, { Text: 'z' }],
      Address: [{ City: 'Bonn', Zip: 89073 }],
    });
  });

  it('R7 R23 extensions that stay as they are keep what is residual in them', () => {
    const stored = { attributes: {}, residual: { extensions: { Gone: [{ A: 1 }] } } };
    expect(keepResidual(schema, stored, { attributes: {} })).to.deep.equal({
      extensions: undefined,
      residual: { extensions: { Gone: [{ A: 1 }] } },
    });
  });

  it('H3 W11 what another profile has under a name moves only where none is residual under it', () => {
    const own: StoredContent = { attributes: { Fax: '1' } };
    const other: StoredContent = { attributes: { Fax: '2', Pager: '3' }, extensions: { Gone: [{ A: 1 }] } };
    expect(movedResidual(schema, other, own)).to.deep.equal({
      attributes: { Pager: '3' },
      extensions: { Gone: [{ A: 1 }] },
    });
    expect(movedResidual(schema, own, other)).to.equal(undefined);
  });
});
