import { expect } from 'chai';
import { createDossier, InvalidOptionsError, MalformedRequestError, type SchemaDefinition } from 'dossier';
import { CsvColumns, type CsvColumnsOptions, csvRows, fitsCsv, type ProfileRow } from 'dossier/formats';
import { InMemoryProfileRepository } from 'dossier/memory';
import fc from 'fast-check';
import { anyCharacter } from '../../any-character.js';
import { propertyRuns } from '../../property-runs.js';
import { chunksOf } from './read-rows.js';

const SCHEMA = {
  attributes: [
    { name: 'Name', type: 'string', length: 1_000 },
    { name: 'Email', type: 'string', multiValued: true },
    { name: 'Score', type: 'double' },
    { name: 'Count', type: 'long' },
    { name: 'Active', type: 'boolean' },
  ],
  extensions: [
    { name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] },
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Number', type: 'string' },
        { name: 'Rank', type: 'integer' },
      ],
    },
  ],
} as const satisfies SchemaDefinition;

function table(rows: readonly ProfileRow[], delimiter?: string): string {
  const columns = new CsvColumns(SCHEMA, { delimiter });
  for (const row of rows) columns.note(row);
  return columns.header() + rows.map((row) => columns.row(row)).join('');
}

describe('CsvColumns', () => {
  it('writes as many columns as the profile with the most values and records needs', () => {
    const text = table([
      { customerId: 'a', members: { Name: 'Ann, "A"', Email: ['x', 'y'], Active: false } },
      { customerId: 'b', members: { Phone: [{ Number: '1' }, { Rank: 2 }], Address: { City: 'Köln\n' }, Score: 1e21 } },
    ]);
    expect(text).to.equal(
      'customer_id,Name,Email,Email,Score,Count,Active,Address.City,Phone.Number,Phone.Rank,Phone.Number,Phone.Rank\r\n' +
        'a,"Ann, ""A""",x,y,,,false,,,,,\r\n' +
        'b,,,,1e+21,,,"Köln\n",1,,,2\r\n',
    );
  });

  it('writes columns for names that are no longer in the schema (R16)', () => {
    expect(table([{ customerId: 'a', members: { Old: 'x', Former: [{ Key: 'y' }] } }]).split('\r\n')).to.deep.equal([
      'customer_id,Name,Email,Score,Count,Active,Old,Address.City,Phone.Number,Phone.Rank,Former.Key',
      'a,,,,,,x,,,,y',
      '',
    ]);
  });

  it('W1: writes a column for segments if a profile has one', () => {
    const rows = [
      { customerId: 'a', members: {} },
      { customerId: 'b', segment: 'a "b", c', members: { Name: 'Ann' } },
    ];
    expect(table(rows).split('\r\n').slice(0, 3)).to.deep.equal([
      'customer_id,_segment,Name,Email,Score,Count,Active,Address.City,Phone.Number,Phone.Rank',
      'a,,,,,,,,,',
      'b,"a ""b"", c",Ann,,,,,,,',
    ]);
  });

  it('R14: writes a column for revisions if a profile has one', () => {
    const rows = [{ customerId: 'a', segment: 'gold', revision: 7, members: {} }];
    expect(table(rows)).to.match(/^customer_id,_segment,_revision,Name,.*\r\na,gold,7,,/);
  });

  it('R8: writes [] for an extension that is given without records, in a column of its own', () => {
    const text = table([
      { customerId: 'a', members: { Address: null, Phone: [{ Rank: 1 }] } },
      { customerId: 'b', members: { Address: { City: 'Dayton' } } },
      { customerId: 'c', members: {} },
    ]);
    expect(text.split('\r\n').map((line) => line.split(',').slice(6).join())).to.deep.equal([
      'Address,Address.City,Phone.Number,Phone.Rank',
      '[],,,1',
      ',Dayton,,',
      ',,,',
      '',
    ]);
  });

  it('refuses a delimiter that is not valid', () => {
    expect(() => new CsvColumns(SCHEMA, { delimiter: '"' })).to.throw(MalformedRequestError);
  });

  it('refuses a table of too many columns, or of too many empty cells, and names the option', () => {
    const rows = [
      { customerId: 'a', members: { Phone: Array(10).fill({ Number: '1', Rank: 1 }) } },
      ...Array.from({ length: 70 }, (_, index) => ({ customerId: `b${index}`, members: {} })),
    ];
    const headerWith = (options: CsvColumnsOptions) => () => {
      const columns = new CsvColumns(SCHEMA, options);
      for (const row of rows) columns.note(row);
      return columns.header();
    };
    // 18 columns more than the schema has, in 71 rows, of which the 10 records pay for 1,000 cells.
    expect(headerWith({ maxEmptyCells: 278 })()).to.include('Phone.Rank');
    expect(headerWith({ maxEmptyCells: 277 })).to.throw(MalformedRequestError, '`maxEmptyCells`');
    expect(headerWith({ maxColumns: 27 })()).to.include('Phone.Rank');
    expect(headerWith({ maxColumns: 26 })).to.throw(MalformedRequestError, '`maxColumns`');
    for (const wrong of [{ maxEmptyCells: 0 }, { maxColumns: '9' }, { maxEmptyCell: 9 }, ';']) {
      expect(() => new CsvColumns(SCHEMA, wrong as never), JSON.stringify(wrong)).to.throw(InvalidOptionsError);
    }
  });

  it('fitsCsv is false for an empty string and for an empty record', () => {
    const fits = (members: ProfileRow['members']) => fitsCsv({ customerId: 'a', members });
    expect(fits({ Name: 'x', Email: [], Phone: [{ Rank: 0 }], Active: false })).to.equal(true);
    for (const members of [{ Name: '' }, { Email: ['x', ''] }, { Address: {} }, { Phone: [{ Number: '' }] }]) {
      expect(fits(members), JSON.stringify(members)).to.equal(false);
    }
  });

  it('csvRows reads back the same profiles, with any delimiter', async () => {
    const text = fc
      .string({ unit: anyCharacter, minLength: 1, maxLength: 20 })
      .filter((value) => !value.includes('\0'));
    const phone = fc.record({ Number: text, Rank: fc.integer() }, { requiredKeys: ['Number'] });
    const members = fc.record(
      {
        Name: fc.oneof(text, fc.constantFrom(' ', '"', '\r\n', '\r', ',', '\ufeff', 'true', '1')),
        Email: fc.array(text, { minLength: 1, maxLength: 3 }),
        Score: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
        Count: fc.oneof(fc.maxSafeInteger(), fc.constant('9223372036854775807')),
        Active: fc.boolean(),
        Address: fc.record({ City: text }),
        Phone: fc.array(phone, { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: [] },
    );
    const delimiter = fc.constantFrom(',', ';', '\t', '|', '-', '\\', '^', ' ');
    await fc.assert(
      fc.asyncProperty(fc.array(members, { maxLength: 5 }), delimiter, async (profiles, separator) => {
        const rows = profiles.map((one, index) => ({ customerId: `p${index}`, members: one }));
        const services = createDossier({ repository: new InMemoryProfileRepository() });
        await services.schemas.define('1', SCHEMA);
        const bytes = chunksOf(table(rows, separator), 11);
        const result = await services.profiles.import('1', csvRows(bytes, { delimiter: separator }));
        expect(result.errors).to.deep.equal([]);
        for (const row of rows) {
          const { attributes, extensions } = await services.profiles.get('1', row.customerId, { extensions: 'all' });
          expect({ ...attributes, ...extensions }).to.deep.equal({ Phone: [], ...row.members });
        }
      }),
      { numRuns: propertyRuns({ full: 60, quick: 15 }) },
    );
  });
});
