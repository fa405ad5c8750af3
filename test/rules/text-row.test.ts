import { expect } from 'chai';
import { ColumnMapping } from '../../src/rules/column-mapping.js';
import { findColumns } from '../../src/rules/table-columns.js';
import { type Cells, membersOfRow } from '../../src/rules/text-row.js';
import { compile } from './check.js';

const SCHEMA = compile({
  attributes: [
    { name: 'Active', type: 'boolean' },
    { name: 'Name', type: 'string' },
  ],
  extensions: [
    { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Verified', type: 'boolean' }] },
    {
      name: 'Address',
      type: 'single-valued',
      attributes: [
        { name: 'City', type: 'string' },
        { name: 'PostCode', type: 'string' },
      ],
    },
  ],
});

const read = (cells: Cells, { clearsEmpty = false } = {}) => {
  const names = cells.map(([name]) => name);
  const columns = findColumns(SCHEMA, names, new ColumnMapping(), { patches: clearsEmpty, clearsEmpty });
  return membersOfRow(columns, cells, clearsEmpty);
};

describe('membersOfRow', () => {
  it('R3: reads booleans in any case, as spreadsheets write them, of attributes and of extensions', () => {
    for (const [text, value] of Object.entries({ true: true, TRUE: true, True: true, false: false, FALSE: false })) {
      const { members } = read([
        ['Active', text],
        ['Phone.Verified', text],
      ]);
      expect(members, text).to.deep.equal({ Active: value, Phone: { Verified: value } });
    }
  });

  it('R3: keeps other text for a boolean, which the check refuses', () => {
    for (const text of ['yes', '1', ' TRUE', 'TRUE\n', 'WAHR']) {
      expect(read([['Active', text]]).members, text).to.deep.equal({ Active: text });
    }
  });

  it('keeps the case of text that is no boolean', () => {
    expect(read([['Name', 'TRUE']]).members).to.deep.equal({ Name: 'TRUE' });
  });

  it('R8: reads [] in a column named for an extension as the extension without records', () => {
    for (const name of ['Phone', 'PHONE']) {
      const cells = [
        [name, '[]'],
        ['Phone.Verified', ''],
      ] as const;
      expect(read(cells).members).to.deep.equal({ Phone: [] });
    }
    expect(read([['Phone', '']]).members, 'not given').to.deep.equal({});
  });

  it('R8: passes on any other text of that column, and [] beside records, for the check to refuse', () => {
    expect(read([['Phone', 'x']]).members).to.deep.equal({ Phone: ['x'] });
    const both = [
      ['Phone', '[]'],
      ['Phone.Verified', 'true'],
    ] as const;
    expect(read(both).members).to.deep.equal({ Phone: ['[]', { Verified: true }] });
  });

  it('L5: if empty cells clear, gives what has columns and no value as null, or as no records', () => {
    const cells = (city: string, active: string) =>
      [
        ['Name', ''],
        ['Active', active],
        ['Phone.Verified', ''],
        ['Address.City', city],
        ['Address.PostCode', ''],
      ] as const;
    expect(read(cells('', ''), { clearsEmpty: true }).members).to.deep.equal({
      Name: null,
      Active: null,
      Phone: [],
      Address: [],
    });
    expect(read(cells('Dayton', 'true'), { clearsEmpty: true }).members).to.deep.equal({
      Name: null,
      Active: true,
      Phone: [],
      Address: { City: 'Dayton', PostCode: null },
    });
    expect(read(cells('', '')).members, 'otherwise nothing').to.deep.equal({});
  });

  it('[] is text in a column of an attribute', () => {
    expect(read([['Name', '[]']]).members).to.deep.equal({ Name: '[]' });
  });
});
