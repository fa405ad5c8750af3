import { expect } from 'chai';
import { createDossier, InvalidOptionsError, type SchemaDefinition } from 'dossier';
import { CsvColumns, csvRows, type ProfileRow } from 'dossier/formats';
import { InMemoryProfileRepository } from 'dossier/memory';
import fc from 'fast-check';
import { forSpreadsheet, fromSpreadsheet, isNegativeNumber } from '../../../adapters/formats/spreadsheet-text.js';
import { anyCharacter } from '../../any-character.js';
import { propertyRuns } from '../../property-runs.js';
import { chunksOf } from './read-rows.js';

const FORMULAS = ['=', '+', '-', '@', '\uff1d', '\uff0b', '\uff0d', '\uff20'];
const DELIMITERS = [',', ';', '\t', '|'];

/** Of what attacks are made, in any order, and of all of Unicode. */
const hostile = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...FORMULAS, ...DELIMITERS, "'", "'", '"', '\r', '\n', ' ', '\ufeff') },
      { weight: 1, arbitrary: fc.constantFrom('1', "cmd|' /C calc'!A0", '\u200b', '\u00a0', '-1', '1.5', 'e') },
      { weight: 1, arbitrary: fc.string({ unit: anyCharacter, maxLength: 3 }) },
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join('').replaceAll('\0', '0') || '=');

const SCHEMA = {
  attributes: [
    { name: 'Name', type: 'string', length: 1_000 },
    { name: 'Email', type: 'string', multiValued: true },
    { name: 'Balance', type: 'currency' },
    { name: 'Score', type: 'double' },
  ],
  extensions: [
    { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string', length: 1_000 }] },
  ],
} as const satisfies SchemaDefinition;

const profile = fc.record(
  {
    customerId: fc.constantFrom('-5', '-1e5', '~a', '-', '.', '_', '7'),
    segment: fc.constantFrom('=1', "'+1", 'gold', '-5'),
    members: fc.record(
      {
        Name: hostile,
        Email: fc.array(hostile, { minLength: 1, maxLength: 3 }),
        Balance: fc.constantFrom('-12.5', '12.5'),
        Score: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
        Phone: fc.array(fc.record({ Number: hostile }), { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['customerId', 'members'] },
);

function tableOf(rows: readonly ProfileRow[], delimiter?: string): string {
  const columns = new CsvColumns(SCHEMA, { delimiter, excel: true });
  for (const row of rows) columns.note(row);
  return columns.header() + rows.map((row) => columns.row(row)).join('');
}

/** The cells as a lenient spreadsheet finds them: what follows a closing quote belongs to the cell. */
function cellsOf(table: string, delimiter: string): string[] {
  const cells: string[] = [];
  for (let at = 0; at < table.length; at += 1) {
    let cell = '';
    if (table[at] === '"') {
      for (at += 1; at < table.length && (table[at] !== '"' || table[at + 1] === '"'); at += 1) {
        if (table[at] === '"') at += 1;
        cell += table[at];
      }
      at += 1;
    }
    for (; at < table.length && ![delimiter, '\r', '\n'].includes(table[at] ?? ''); at += 1) cell += table[at];
    cells.push(cell);
  }
  return cells;
}

const isFormula = (cell: string) =>
  FORMULAS.includes(cell.replace(/^[\s\p{Cc}\p{Cf}]+/u, '')[0] ?? '') && !isNegativeNumber(cell);

function restored(text: string): string {
  const steps = fromSpreadsheet(text);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

describe('CSV for spreadsheets', () => {
  it('puts an apostrophe before what would begin a formula, and before no more', () => {
    const marked: Readonly<Record<string, string>> = {
      '=1+1': "'=1+1",
      '+49 30': "'+49 30",
      '@SUM(A1)': "'@SUM(A1)",
      '-2+3': "'-2+3",
      '\t=1': "'\t'=1",
      '\rx': "'\rx",
      ' =1': "' =1",
      '\uff1d1': "'\uff1d1",
      "'=1": "''=1",
      'a;=1;b': "a;'=1;b",
      'a;"=1': 'a;\'"=1',
      'a\n- b': "a\n'- b",
    };
    for (const [text, cell] of Object.entries(marked)) expect(forSpreadsheet(text)).to.equal(cell);
    for (const text of ["'s-Gravenhage", 'a-b', 'ann@example.com', '', "''", 'a, b', '1+1', '007', ' x']) {
      expect(forSpreadsheet(text)).to.equal(text);
      expect(restored(text)).to.equal(text);
    }
  });

  it('a text that takes several steps is restored exactly', () => {
    for (const text of [",'=".repeat(200_000), `${'x'.repeat(300_000)},=`, `=${',x'.repeat(200_000)}`])
      expect(restored(forSpreadsheet(text))).to.equal(text);
  });

  it('every text is restored exactly', () => {
    fc.assert(
      fc.property(hostile, (text) => restored(forSpreadsheet(text)) === text),
      { numRuns: propertyRuns({ full: 100_000, quick: 5_000 }) },
    );
  });

  it('no spreadsheet finds a formula in a table, whichever delimiter it takes', () => {
    fc.assert(
      fc.property(
        fc.array(profile, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...DELIMITERS),
        fc.constantFrom(...DELIMITERS),
        (rows, written, read) => {
          expect(cellsOf(tableOf(rows, written), read).filter(isFormula)).to.deep.equal([]);
        },
      ),
      { numRuns: propertyRuns({ full: 20_000, quick: 1_000 }) },
    );
  });

  it('begins with a byte-order mark, and leaves negative numbers numbers', () => {
    const members = { Name: '-2+3', Balance: '-12.5', Score: -1e-7 };
    expect(tableOf([{ customerId: '-5', members }])).to.equal(
      "\ufeffcustomer_id,Name,Email,Balance,Score,Phone.Number\r\n'-5,'-2+3,,-12.5,-1e-7,\r\n",
    );
  });

  it('csvRows with excel restores every value; without it, it leaves every cell as it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(profile, { maxLength: 4, selector: ({ customerId }) => customerId }),
        fc.constantFrom(...DELIMITERS, "'", '-', '='),
        async (rows, delimiter) => {
          const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository() }).tenant('1');
          await schemas.define(SCHEMA);
          const table = tableOf(rows, delimiter);
          const result = await profiles.import(csvRows(chunksOf(table, 11), { delimiter, excel: true }));
          expect(result.errors).to.deep.equal([]);
          for (const { customerId, segment, members } of rows) {
            const stored = await profiles.get(customerId, { extensions: 'all' });
            expect(stored.segment).to.equal(segment);
            expect({ ...stored.attributes, ...stored.extensions }).to.deep.equal({ Phone: [], ...members });
          }
        },
      ),
      { numRuns: propertyRuns({ full: 1_000, quick: 50 }) },
    );
    for await (const row of csvRows(chunksOf("\ufeffName\n'=1\n"))) {
      expect(row).to.have.deep.property('cells', [['Name', "'=1"]]);
    }
  });

  it('refuses an excel that is not a boolean', () => {
    const options = { excel: 'yes' } as never;
    expect(() => new CsvColumns(SCHEMA, options)).to.throw(InvalidOptionsError, '/excel');
    expect(() => csvRows(chunksOf(''), options)).to.throw(InvalidOptionsError, '/excel');
  });
});
