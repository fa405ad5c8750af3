import type { ImportOptions, SchemaDefinition } from 'dossier';
import { CsvColumns, type CsvOptions, csvRows, ndjsonRows } from 'dossier/formats';
import { MORE_OF_REFERENCE, type Scenario, type Scenarios } from '../scenario.js';
import { listOf, services, TENANT } from './services.js';

const ROW_BYTES = 2 ** 23 - 2 ** 10;

const NUMBERS = Array.from({ length: 200 }, (_, index) => ({ name: `Number${index}`, type: 'integer' }) as const);

const SCHEMA: SchemaDefinition = {
  attributes: [{ name: 'Texts', type: 'string', multiValued: true }, ...NUMBERS],
  extensions: [{ name: 'Plain', type: 'multi-valued', attributes: [{ name: 'X', type: 'integer' }] }],
};

/** A body as it comes over the network. */
async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536);
}

function ndjson(text: Scenario['text'], failed: number): Scenario {
  return { ...rows(text, failed, (given) => ndjsonRows(chunksOf(`${given}\n`))), given: 'text' };
}

function csv(cells: readonly (readonly string[])[], failed: number): Scenario {
  const toText = (given: unknown) => (given as string[][]).map((row) => row.join()).join('\r\n');
  // Short cells take much longer than the JSON that has them.
  return { ...rows(JSON.stringify(cells), failed, (given) => csvRows(chunksOf(toText(given)))), mostWork: 80 };
}

/** A table of one row, with a cell that has so many bytes of a text. `Number0` keeps it from being the only one. */
function cellOf(text: string, options?: CsvOptions): Scenario {
  const toTable = (given: unknown) => `Texts,Number0\r\n"${given}",1`;
  return rows(textOf(text), 1, (given) => csvRows(chunksOf(toTable(given)), options));
}

function textOf(text: string): () => string {
  return () => JSON.stringify(text.repeat(ROW_BYTES / Buffer.byteLength(text)));
}

/** An import must look at all rows, of which so many fail; and what it reports must be small. */
function rows(text: Scenario['text'], failed: number, read: (given: unknown) => ReturnType<typeof csvRows>): Scenario {
  const prepare = async () => {
    const { profiles } = await services(SCHEMA);
    const options: ImportOptions = { maxErrors: 1_000_000 };
    return async (given: unknown) => {
      const result = await profiles.import(TENANT, read(given), options);
      const reported = JSON.stringify(result.errors).length;
      if (result.failed !== failed || reported > 2 ** 21)
        throw new Error(`${result.failed} failed, ${reported} reported`);
    };
  };
  return { text, outcome: 'ok', prepare };
}

function objectOf(members: number): string {
  return `{${Array.from({ length: members }, (_, index) => `"name${index}":1`).join()}}`;
}

const TWO_LINES = [Array(10_000).fill('Texts'), Array(10_000).fill('abcdefghij')];

export const scenarios: Scenarios = {
  'R11 a row of 8 MiB of unknown names': ndjson(() => objectOf(480_000), 1),
  'R11 a row of as many unknown names as are read': ndjson(objectOf(16_384), 1),
  'R11 a row of one name of 8 MiB': ndjson(() => `{"${'n'.repeat(ROW_BYTES)}":1}`, 1),
  // To parse it all would take 160 MiB, so it is compared with one text of that length.
  'R8 a row of 8 MiB of empty records': rows(
    () => JSON.stringify(`{"Plain":${listOf('{}', ROW_BYTES)}}`),
    1,
    (given) => ndjsonRows(chunksOf(`${given}\n`)),
  ),
  'R8 a row of as many empty records as a profile can have': {
    ...ndjson(`{"Plain":${listOf('{}')}}`, 0),
    mostOfReference: MORE_OF_REFERENCE,
  },
  'a row of one text of 8 MiB': ndjson(() => `{"Texts":"${'x'.repeat(ROW_BYTES)}"}`, 1),
  'a row of one text of 8 MiB of escapes': ndjson(() => `{"Texts":"${'\\"'.repeat(ROW_BYTES / 2)}"}`, 1),
  'a cell of 8 MiB': cellOf('x'),
  'a cell of 8 MiB of separators': cellOf(',\n'),
  'a cell of 8 MiB of doubled quotes': cellOf('""'),
  // Most of it looks at each of 2,800,000 cells that a spreadsheet would see in it.
  'a cell of 8 MiB of what might be formulas': { ...cellOf(",'=", { excel: true }), mostWork: 120 },
  'a cell of 8 MiB in another script': { ...cellOf('\u0416'), mostOfReference: MORE_OF_REFERENCE },
  'R4 one column that the header names 10,000 times': csv(TWO_LINES, 0),
  'a row of 8 MiB of separators': {
    ...rows(
      () => JSON.stringify(','.repeat(ROW_BYTES)),
      1,
      (given) => csvRows(chunksOf(`Texts\r\n1${given}`)),
    ),
  },
  'a row of 8 MiB of quoted cells': rows(
    () => JSON.stringify('"1",'.repeat(ROW_BYTES / 4)),
    1,
    (given) => csvRows(chunksOf(`Texts\r\n${given}`)),
  ),
  'R4 a row of 8 MiB in 10,000 cells of one column': csv(
    [...TWO_LINES.slice(0, 1), Array(10_000).fill('x'.repeat(830))],
    1,
  ),
  'rows of 9,999 empty cells': csv([...TWO_LINES.slice(0, 1), ...Array(100).fill(['x', ...Array(9_999).fill('')])], 0),
  'rows each of which has a violation': csv(
    [['Plain.X', ...Array(199).fill('Texts')], ...Array(2_000).fill(Array(200).fill('x'))],
    2_000,
  ),
  // Each row is checked twice: with its batch, and on its own.
  'rows each of which has as many violations as are reported': {
    ...csv([NUMBERS.map(({ name }) => name), ...Array(2_000).fill(Array(200).fill('x'))], 2_000),
    mostWork: 120,
  },
  'a table that would be separators alone is refused': {
    text: listOf('{}', 2 ** 16),
    outcome: 'malformed_request',
    prepare: async () => {
      const { schemas } = await services(SCHEMA);
      const columns = new CsvColumns(await schemas.get(TENANT));
      return async (records: readonly object[]) => {
        const Plain = records.slice(0, 4_000).map((_, X) => ({ X }));
        columns.note({ customerId: 'many', members: { Plain } });
        for (let index = 0; index < 2_000; index += 1) columns.note({ customerId: `${index}`, members: {} });
        columns.header();
      };
    },
  },
};
