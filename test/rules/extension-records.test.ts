import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import { faults, kept } from './check.js';

const SCHEMA: SchemaDefinition = {
  attributes: [],
  extensions: [
    {
      name: 'Address',
      type: 'single-valued',
      attributes: [
        { name: 'City', type: 'string', mandatory: true },
        { name: 'Type', type: 'integer', default: 1 },
      ],
    },
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Number', type: 'string' },
        { name: 'Kind', type: 'currency', default: '1.0' },
        { name: 'Since', type: 'date' },
      ],
      unique: ['NUMBER', 'Kind'],
    },
    { name: 'Note', type: 'multi-valued', attributes: [{ name: 'Text', type: 'string' }] },
    { name: 'Flag', type: 'single-valued', attributes: [] },
    { name: 'valueOf', type: 'multi-valued', attributes: [{ name: 'constructor', type: 'long' }] },
  ],
};

const extensionsOf = (extensions: Record<string, unknown>) => kept(SCHEMA, { attributes: {}, extensions }).extensions;
const faultsOf = (extensions: unknown) => faults(SCHEMA, { attributes: {}, extensions });

describe('rules/extension-records', () => {
  it('R8 a bare record of a multi-valued extension is an array of one', () => {
    expect(extensionsOf({ Note: { Text: 'a' } })).to.deep.equal({ Note: [{ Text: 'a' }] });
  });

  it('R8 refuses an array for a single-valued extension, unless it is empty', () => {
    expect(faultsOf({ Address: [{ City: 'a' }] })).to.deep.equal(['R8 /extensions/Address']);
    expect(faultsOf({ Address: [null] })).to.deep.equal(['R8 /extensions/Address']);
    expect(extensionsOf({ Address: [] })).to.deep.equal({});
  });

  it('R8 null and [] remove the records of an extension', () => {
    expect(extensionsOf({ Address: null, Phone: null, Note: [] })).to.deep.equal({});
    expect(extensionsOf({ Phone: [], Note: { Text: 'a' } })).to.deep.equal({ Note: [{ Text: 'a' }] });
  });

  it('R8 refuses a value that is neither a record nor an array', () => {
    for (const given of ['x', 5, true, new Map(), new Date(0)]) {
      expect(faultsOf({ Address: given, Note: given })).to.deep.equal([
        'R8 /extensions/Address',
        'R8 /extensions/Note',
      ]);
      expect(faultsOf({ Note: [given] })).to.deep.equal(['R8 /extensions/Note/0']);
    }
    expect(faultsOf({ Note: [null, [], undefined] })).to.deep.equal(
      [0, 1, 2].map((index) => `R8 /extensions/Note/${index}`),
    );
  });

  it('R8 refuses extensions that are not a plain object, except undefined', () => {
    for (const given of [null, [], 'x', 5, new Map()]) expect(faultsOf(given)).to.deep.equal(['R11 /extensions']);
    expect(faultsOf(undefined)).to.deep.equal([]);
  });

  it('R8 records keep their order and duplicates, if the extension has no unique attributes', () => {
    const list = [{ Text: 'b' }, { Text: 'a' }, {}, { Text: 'b' }, {}];
    expect(extensionsOf({ Note: list })).to.deep.equal({ Note: list });
  });

  it('R10 a record of an extension without attributes is empty, and is stored', () => {
    expect(extensionsOf({ Flag: {} })).to.deep.equal({ Flag: [{}] });
    expect(faultsOf({ Flag: { X: 1 } })).to.deep.equal(['R11 /extensions/Flag/X']);
  });

  it('R1 R2 names of extensions and of their attributes ignore case, and may occur once each', () => {
    const given = { note: [{ TEXT: 'a' }], ADDRESS: { city: 'b', TYPE: null } };
    expect(JSON.stringify(extensionsOf(given))).to.equal('{"Address":[{"City":"b","Type":1}],"Note":[{"Text":"a"}]}');
    expect(faultsOf({ Note: null, NOTE: [] })).to.deep.equal(['R2 /extensions/NOTE']);
    expect(faultsOf({ Note: [{ Text: 'a', text: 'a' }] })).to.deep.equal(['R2 /extensions/Note/0/text']);
  });

  it('R2 names of members of JavaScript objects are valid names', () => {
    expect(extensionsOf({ valueOf: { constructor: 1 } })).to.deep.equal({ valueOf: [{ constructor: 1 }] });
    expect(faultsOf({ toString: [], constructor: {} })).to.deep.equal([
      'R11 /extensions/toString',
      'R11 /extensions/constructor',
    ]);
    const sent = JSON.parse('{"__proto__":[],"Note":[{"__proto__":{"Text":"a"}}]}');
    expect(faultsOf(sent)).to.deep.equal(['R11 /extensions/__proto__', 'R11 /extensions/Note/0/__proto__']);
  });

  it('R4 R5 attributes of records have defaults, and null means no value', () => {
    const records = extensionsOf({ Phone: [{ Number: 'a', Since: null }, { Number: null }] });
    expect(records).to.deep.equal({ Phone: [{ Number: 'a', Kind: '1' }, { Kind: '1' }] });
  });

  it('R9 mandatory attributes are required in every record', () => {
    expect(faultsOf({ Address: {} })).to.deep.equal(['R9 /extensions/Address/City']);
    const schema: SchemaDefinition = {
      attributes: [],
      extensions: [
        { name: 'E', type: 'multi-valued', attributes: [{ name: 'A', type: 'string', mandatory: true }] },
        { name: 'F', type: 'single-valued', attributes: [{ name: 'A', type: 'string', mandatory: true }] },
      ],
    };
    const given = { E: [{ A: 'a' }, {}, { a: null }] };
    expect(faults(schema, { attributes: {}, extensions: given })).to.deep.equal([
      'R9 /extensions/E/1/A',
      'R9 /extensions/E/2/A',
    ]);
    expect(faults(schema, { attributes: {}, extensions: { E: [], F: null } })).to.deep.equal([]);
  });

  it('R4 R10 attributes of records are never multi-valued', () => {
    for (const given of [[], ['a'], ['a', 'b']]) {
      expect(faultsOf({ Note: [{ Text: given }] })).to.deep.equal(['R4 /extensions/Note/0/Text']);
    }
  });

  it('R10 unique: refuses each record that has the unique attributes of an earlier one', () => {
    const given = [{ Number: 'a' }, { Number: 'b' }, { Number: 'a' }, { number: 'a', Kind: 2 }, { Number: 'b' }];
    expect(faultsOf({ Phone: given })).to.deep.equal(['R10 /extensions/Phone/2', 'R10 /extensions/Phone/4']);
  });

  it('R10 unique: compares values as stored, defaults included', () => {
    const given = [{ Number: 'a' }, { Number: 'a', Kind: '01.00' }, { Number: 'a', Kind: 1 }];
    expect(faultsOf({ Phone: given })).to.deep.equal(['R10 /extensions/Phone/1', 'R10 /extensions/Phone/2']);
  });

  it('R10 unique: missing equals missing, and nothing else', () => {
    expect(faultsOf({ Phone: [{}, { Number: null }] })).to.deep.equal(['R10 /extensions/Phone/1']);
    expect(faultsOf({ Phone: [{}, { Number: '' }, { Number: 'null' }] })).to.deep.equal([]);
  });

  it('R10 unique: ignores attributes that are not unique', () => {
    const given = [{ Number: 'a' }, { Number: 'a', Since: '2024-02-29' }];
    expect(faultsOf({ Phone: given })).to.deep.equal(['R10 /extensions/Phone/1']);
  });

  it('R10 unique: compares each attribute separately, never concatenated', () => {
    const schema: SchemaDefinition = {
      attributes: [],
      extensions: [
        {
          name: 'E',
          type: 'multi-valued',
          attributes: [
            { name: 'A', type: 'string' },
            { name: 'B', type: 'string' },
          ],
          unique: ['A', 'B'],
        },
      ],
    };
    const given = [{ A: 'x', B: 'y' }, { A: 'xy' }, { B: 'xy' }, { A: 'x","y' }, { A: 'x,y' }, { A: 'x', B: ',y' }];
    expect(faults(schema, { attributes: {}, extensions: { E: given } })).to.deep.equal([]);
  });

  it('R10 R11 unique: reports a duplicate record together with its other violations', () => {
    const given = [{ Number: 'a', Since: 'never' }, { Number: 'a' }, { Number: 'a', Other: 1 }];
    expect(faultsOf({ Phone: given })).to.deep.equal([
      'R3 /extensions/Phone/0/Since',
      'R11 /extensions/Phone/2/Other',
      'R10 /extensions/Phone/1',
      'R10 /extensions/Phone/2',
    ]);
  });

  it('R10 R11 unique: does not compare refused values', () => {
    expect(faultsOf({ Phone: [{ Number: 1 }, { Number: 2 }, {}] })).to.deep.equal([
      'R3 /extensions/Phone/0/Number',
      'R3 /extensions/Phone/1/Number',
    ]);
    expect(faultsOf({ Phone: ['a', 'b', {}] })).to.deep.equal(['R8 /extensions/Phone/0', 'R8 /extensions/Phone/1']);
  });
});

describe('rules: the records of an extension with many attributes', () => {
  const wide = Array.from({ length: 100 }, (_, index) => ({ name: `A${index}`, type: 'integer' }) as const);
  const schema = (changed: Record<string, object>): SchemaDefinition => ({
    attributes: [],
    extensions: [
      {
        name: 'Wide',
        type: 'multi-valued',
        attributes: wide.map((attribute) => ({ ...attribute, ...changed[attribute.name] })),
      },
    ],
  });
  const recordsOf = (definition: SchemaDefinition, Wide: unknown[]) =>
    kept(definition, { attributes: {}, extensions: { Wide } as never }).extensions?.Wide;

  it('R1 R6 have their few values and the defaults in the order of the schema', () => {
    const definition = schema({ A50: { default: 5 }, A99: { mandatory: true } });
    const records = recordsOf(definition, [{ A99: 1, A70: 2, A3: 3 }, { a99: 1, A50: null, a3: 3 }, { A99: 9 }]);
    expect(JSON.stringify(records)).to.equal(
      JSON.stringify([
        { A3: 3, A50: 5, A70: 2, A99: 1 },
        { A3: 3, A50: 5, A99: 1 },
        { A50: 5, A99: 9 },
      ]),
    );
    expect(JSON.stringify(recordsOf(schema({}), [{}, { A99: 1, A0: 2 }]))).to.equal('[{},{"A0":2,"A99":1}]');
  });

  it('R9 R11 are refused as those of few attributes are', () => {
    const definition = schema({ A99: { mandatory: true } });
    const pointers = faults(definition, { attributes: {}, extensions: { Wide: [{}, { A99: 1, B: 1 }, { A99: 'x' }] } });
    expect(pointers.join()).to.include('/extensions/Wide/0/A99').and.to.include('/extensions/Wide/1/B');
    expect(pointers.join()).to.include('/extensions/Wide/2/A99');
  });
});
