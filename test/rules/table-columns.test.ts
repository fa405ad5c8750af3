import { expect } from 'chai';
import { MalformedRequestError } from '../../src/errors.js';
import { ColumnMapping } from '../../src/rules/column-mapping.js';
import { findColumns, type TableChange } from '../../src/rules/table-columns.js';
import { compile } from './check.js';

const SCHEMA = compile({
  attributes: [
    { name: 'Name', type: 'string' },
    { name: 'EmailAddress', type: 'string', multiValued: true },
  ],
  extensions: [
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Number', type: 'string' },
        { name: 'Label', type: 'string' },
      ],
    },
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

const CREATES: TableChange = { patches: false, clearsEmpty: false };

/** The columns in short, such as `Phone.Number 1` for that of the second record. */
function found(names: readonly string[], mapping = new ColumnMapping(), change = CREATES): readonly string[] {
  return findColumns(SCHEMA, names, mapping, change).map((column) => {
    if (column.kind === 'attribute') return column.attribute.name;
    if (column.kind === 'extension') return column.extension.name;
    if (column.kind === 'record') return `${column.extension.name}.${column.attribute.name} ${column.record}`;
    return column.kind;
  });
}

describe('columns of a table', () => {
  it('R1: are known by names of the schema, without regard to case', () => {
    expect(
      found(['CUSTOMER_ID', '_segment', '_Revision', 'name', 'PHONE.number', 'Phone', 'phone.Number']),
    ).to.deep.equal(['customer_id', '_segment', '_revision', 'Name', 'Phone.Number 0', 'Phone', 'Phone.Number 1']);
  });

  it('are mapped and ignored by their exact names, which go before those of the schema', () => {
    const map = { 'E-mail 1 - Value': 'emailaddress', 'E-mail 2 - Value': 'EmailAddress', Name: 'EmailAddress' };
    const mapping = new ColumnMapping(
      { ...map, 'Phone 1': 'Phone.Number', 'Phone 2': 'Phone.Number', Absent: 'Name' },
      ['Notes', 'EmailAddress'],
    );
    const names = ['E-mail 2 - Value', 'Notes', 'Phone 2', 'Name', 'E-mail 1 - Value', 'EmailAddress', 'Phone 1'];
    expect(found(names, mapping)).to.deep.equal([
      'EmailAddress',
      'ignored',
      'Phone.Number 0',
      'EmailAddress',
      'EmailAddress',
      'ignored',
      'Phone.Number 1',
    ]);
    expect(() => found(['Name', 'notes'], mapping)).to.throw(MalformedRequestError, '2 "notes"');
  });

  it('R11: that are unknown are named, with what to do', () => {
    expect(() => found(['Name', 'Nope', 'Phone.Nope', 'Name.Number', ' Name']))
      .to.throw(MalformedRequestError, '2 "Nope", 3 "Phone.Nope", 4 "Name.Number", 5 " Name". ')
      .with.property('message')
      .that.includes('`map`')
      .and.includes('`ignore`');
    const many = Array.from({ length: 25 }, (_, index) => `Custom ${index}`);
    expect(() => found(['Name', ...many])).to.throw(/"Custom 19", and 5 more\./);
    expect(() => found(['Name', 'x'.repeat(1_000)])).to.throw(/"x{64}"\./);
  });

  it('R11: are not named where none is known: they may be values', () => {
    expect(() => found(['Bruce', 'bruce@secret.example']))
      .to.throw(MalformedRequestError, 'none of the 2 columns')
      .with.property('message')
      .that.does.not.match(/bruce/i);
  });

  it('R2: may not repeat what has one value', () => {
    const mapping = new ColumnMapping({ Id: 'customer_id' });
    for (const names of [
      ['customer_id', 'Customer_ID'],
      ['_segment', '_segment'],
      ['Id', 'customer_id'],
      ['Phone', 'PHONE'],
    ]) {
      expect(() => found(names, mapping), names.join()).to.throw(MalformedRequestError, 'Several columns give');
    }
  });

  it('L5: of a multi-valued extension are complete for a patch, which replaces all its records', () => {
    const patches = { patches: true, clearsEmpty: false };
    const message = 'Add columns for `Phone.Label`';
    expect(() => found(['Phone.Number'], undefined, patches)).to.throw(MalformedRequestError, message);
    const incomplete = ['Phone.Number', 'Phone.Label', 'Phone.Number'];
    expect(() => found(incomplete, undefined, patches)).to.throw(MalformedRequestError, message);
    expect(found([...incomplete, 'Phone.Label', 'Address.City'], undefined, patches)).to.have.length(5);
    expect(found(['Name', 'Phone'], undefined, patches)).to.have.length(2);
  });

  it('L5: of a single-valued extension are complete if empty cells clear', () => {
    const clears = { patches: true, clearsEmpty: true };
    expect(() => found(['Address.City'], undefined, clears)).to.throw(MalformedRequestError, '`Address.PostCode`');
    expect(found(['Address.City', 'Address.PostCode'], undefined, clears)).to.have.length(2);
  });
});

describe('a mapping of columns', () => {
  it('is refused if it has the wrong form, or a column twice', () => {
    const wrong: readonly (readonly [unknown, unknown])[] = [
      [null, []],
      [[], []],
      [{ A: 1 }, []],
      [{}, 'A'],
      [{}, [1]],
      [{ A: 'Name' }, ['A']],
    ];
    for (const [map, ignore] of wrong) {
      expect(() => new ColumnMapping(map as never, ignore as never), JSON.stringify([map, ignore])).to.throw(
        MalformedRequestError,
        /`map`|`ignore`/,
      );
    }
  });

  it('is refused if the schema does not know what it maps to', () => {
    for (const target of ['Nope', 'Phone.Nope', 'Nope.Number', '', 'constructor']) {
      expect(() => new ColumnMapping({ A: target }).assertKnown(SCHEMA), target).to.throw(MalformedRequestError, '"A"');
    }
    for (const target of ['customer_id', '_segment', 'name', 'Phone.number', 'Phone']) {
      expect(() => new ColumnMapping({ A: target }).assertKnown(SCHEMA), target).not.to.throw();
    }
  });
});
