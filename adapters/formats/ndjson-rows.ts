import { type ImportRow, isDossierError, parseJsonDocument } from 'dossier';
import { withoutByteOrderMark } from './byte-order-mark.js';
import { completeLimits, type RowLimits } from './row-limits.js';
import { textLines } from './text-lines.js';

/**
 * Reads newline-delimited JSON (`application/x-ndjson`) in UTF-8, with or without a byte-order mark. Each line is a profile
 * as one flat JSON object, as in the HTTP API, optionally with `customer_id` and `_segment`. Blank lines are skipped.
 *
 * ```ts
 * await profiles.import('1', ndjsonRows(createReadStream('profiles.ndjson')));
 * ```
 *
 * A line that cannot be read becomes a row with a `fault`: if it is not a JSON object in valid UTF-8, repeats a member name
 * (R2), or has more than `maxRowBytes`.
 *
 * @throws InvalidOptionsError if `maxRowBytes` is not a positive integer
 */
export function ndjsonRows(
  bytes: AsyncIterable<Uint8Array>,
  limits: Pick<RowLimits, 'maxRowBytes'> = {},
): AsyncIterable<ImportRow> {
  const { maxRowBytes } = completeLimits(limits);
  return readRows(bytes, maxRowBytes);
}

async function* readRows(bytes: AsyncIterable<Uint8Array>, maxRowBytes: number): AsyncGenerator<ImportRow> {
  for await (const lines of textLines(withoutByteOrderMark(bytes), maxRowBytes)) {
    for (const line of lines) yield 'fault' in line ? line : readRow(line.line, line.text);
  }
}

function readRow(line: number, text: string): ImportRow {
  let document: unknown;
  try {
    document = parseJsonDocument(text);
  } catch (error) {
    if (!isDossierError(error)) throw error;
    return { line, fault: error.message };
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return { line, fault: 'The line must be a JSON object.' };
  }
  const { customer_id: customerId, _segment: segment, ...members } = document as Readonly<Record<string, unknown>>;
  if (!isStringIfGiven(customerId)) return { line, fault: 'The member customer_id must be a string.' };
  if (!isStringIfGiven(segment)) return { line, fault: 'The member _segment must be a string.' };
  return segment === undefined ? { line, customerId, members } : { line, customerId, segment, members };
}

function isStringIfGiven(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}
