import { randomInt } from 'node:crypto';
import type { ImportRow } from 'dossier';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Eight base-62 digits for the time in milliseconds, as in other generated ids, and three random ones. */
export function newIdPrefix(): string {
  return base62(Date.now(), 8) + base62(randomInt(62 ** 3), 3);
}

/**
 * Gives each row without a customer id a deterministic one: prefix and line number, 16 characters that sort by creation
 * time. It is the same when an interrupted import continues, so a row whose outcome is unknown is not created twice.
 */
export async function* withRowIds(rows: AsyncIterable<ImportRow>, prefix: string): AsyncGenerator<ImportRow> {
  for await (const row of rows) yield withRowId(row, prefix);
}

function withRowId(row: ImportRow, prefix: string): ImportRow {
  if ('fault' in row) return row;
  const customerId = prefix + base62(row.line, 5);
  if ('members' in row) return row.customerId === undefined ? { ...row, customerId } : row;
  const hasId = row.cells.some(([name, text]) => name.toLowerCase() === 'customer_id' && text !== '');
  return hasId ? row : { ...row, cells: [...row.cells, ['customer_id', customerId]] };
}

function base62(value: number, places: number): string {
  let digits = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / BASE62.length)) {
    digits = BASE62.charAt(rest % BASE62.length) + digits;
  }
  return digits.padStart(places, '0');
}
