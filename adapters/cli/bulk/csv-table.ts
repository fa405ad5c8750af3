import { createReadStream } from 'node:fs';
import { type CsvColumns, fitsCsv, ndjsonRows, type ProfileRow } from 'dossier/formats';
import type { TextOutput } from './text-output.js';

/** A line is a profile that was kept, however large; the limit of the reader is for files of strangers. */
const MAX_LINE_BYTES = 2 ** 30;

/**
 * Turns a file of exported profiles into a table. It is read twice, since a table has as many columns as the profile
 * that has most.
 *
 * @param columns to which no profile was noted yet
 * @returns how many profiles a table cannot carry
 */
export async function writeCsv(ndjsonFile: string, columns: CsvColumns, output: TextOutput): Promise<number> {
  let unfit = 0;
  for await (const profile of profilesIn(ndjsonFile)) {
    columns.note(profile);
    if (!fitsCsv(profile)) unfit += 1;
  }
  await output.write(columns.header());
  for await (const profile of profilesIn(ndjsonFile)) await output.write(columns.row(profile));
  await output.flush();
  return unfit;
}

async function* profilesIn(file: string): AsyncGenerator<ProfileRow> {
  for await (const row of ndjsonRows(createReadStream(file), { maxRowBytes: MAX_LINE_BYTES })) {
    if (!('members' in row) || row.customerId === undefined)
      throw new Error(`Line ${row.line} is no exported profile.`);
    yield { customerId: row.customerId, segment: row.segment, members: row.members };
  }
}
