import { createReadStream } from 'node:fs';
import { type CsvColumns, fitsCsv, ndjsonRows, type ProfileRow } from 'dossier/formats';
import type { BufferedOutput } from './buffered-output.js';

/** The reader's own limit is for untrusted input. Here each line is a profile that this process has written. */
const MAX_LINE_BYTES = 2 ** 30;

/**
 * Converts exported NDJSON to CSV. Reads the file twice: the header needs the largest number of values and records of
 * any profile.
 *
 * @param columns must not have noted a profile yet
 * @returns how many profiles CSV cannot represent
 */
export async function writeCsv(ndjsonFile: string, columns: CsvColumns, output: BufferedOutput): Promise<number> {
  let lossy = 0;
  for await (const profile of profilesIn(ndjsonFile)) {
    columns.note(profile);
    if (!fitsCsv(profile)) lossy += 1;
  }
  await output.write(columns.header());
  for await (const profile of profilesIn(ndjsonFile)) await output.write(columns.row(profile));
  await output.flush();
  return lossy;
}

async function* profilesIn(file: string): AsyncGenerator<ProfileRow> {
  for await (const row of ndjsonRows(createReadStream(file), { maxRowBytes: MAX_LINE_BYTES })) {
    if (!('members' in row) || row.customerId === undefined)
      throw new Error(`Line ${row.line} of ${file} is not an exported profile.`);
    yield { ...row, customerId: row.customerId };
  }
}
