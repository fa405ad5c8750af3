import { randomInt } from 'node:crypto';
import type { ImportRow } from 'dossier';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Eight digits for the milliseconds since 1970, as in other generated ids, and three random ones. */
export function newIdPrefix(): string {
  return write(Date.now(), 8) + write(randomInt(62 ** 3), 3);
}

/**
 * Gives each row without a customer id one of 16 characters that sorts by creation time, made of the prefix and its line.
 * Since it is the same when an import goes on after an interrupt, a row whose fate was not told is not created twice.
 */
export async function* withRowIds(rows: AsyncIterable<ImportRow>, prefix: string): AsyncGenerator<ImportRow> {
  for await (const row of rows) yield withRowId(row, prefix);
}

function withRowId(row: ImportRow, prefix: string): ImportRow {
  if ('fault' in row) return row;
  const customerId = prefix + write(row.line, 5);
  if ('members' in row) return row.customerId === undefined ? { ...row, customerId } : row;
  const hasId = row.cells.some(([name, text]) => name.toLowerCase() === 'customer_id' && text !== '');
  return hasId ? row : { ...row, cells: [...row.cells, ['customer_id', customerId]] };
}

function write(value: number, places: number): string {
  let digits = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / DIGITS.length)) {
    digits = DIGITS.charAt(rest % DIGITS.length) + digits;
  }
  return digits.padStart(places, '0');
}
