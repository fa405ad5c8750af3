import { createHash, randomInt } from 'node:crypto';
import { type ImportRow, MalformedRequestError } from 'dossier';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A new prefix for {@link withRowIds}, by which the ids sort by creation time: 11 base-62 digits. */
export function newIdPrefix(): string {
  // Eight digits for the time in milliseconds, as in other generated ids, and three random ones.
  return base62(Date.now(), 8) + base62(randomInt(62 ** 3), 3);
}

/** The prefix for {@link withRowIds} that belongs to an import of this name: the same name has the same prefix. */
export function idPrefixOf(importId: string): string {
  const digest = createHash('sha256').update(importId).digest();
  // 48 and 16 bits: the first part has at most nine digits.
  return base62(digest.readUIntBE(0, 6) % 62 ** 8, 8) + base62(digest.readUInt16BE(6), 3);
}

/**
 * Gives each row a `newCustomerId` that depends on the prefix and the line alone: 16 characters. When rows
 * are imported again by the same prefix, none creates a profile twice.
 *
 * @param prefix 11 characters of `0-9A-Za-z`, from {@link newIdPrefix} or {@link idPrefixOf}
 * @returns the rows. Iterating throws `MalformedRequestError` if the prefix is not valid: rows of two imports could have the
 *   same ids, and the second ones be taken for done
 */
export async function* withRowIds(rows: AsyncIterable<ImportRow>, prefix: string): AsyncGenerator<ImportRow> {
  if (!isIdPrefix(prefix)) {
    throw new MalformedRequestError(
      '`prefix` must be 11 characters of 0-9 A-Z a-z, from newIdPrefix() or idPrefixOf(…).',
    );
  }
  for await (const row of rows) yield { ...row, newCustomerId: prefix + base62(row.line, 5) };
}

/** Whether a value is a prefix for {@link withRowIds}. */
export function isIdPrefix(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9A-Za-z]{11}$/.test(value);
}

function base62(value: number, places: number): string {
  let digits = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / BASE62.length)) {
    digits = BASE62.charAt(rest % BASE62.length) + digits;
  }
  return digits.padStart(places, '0');
}
