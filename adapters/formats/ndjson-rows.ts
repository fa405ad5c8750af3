import { setImmediate } from 'node:timers/promises';
import { type ImportRow, isDossierError, MalformedRequestError, parseJsonDocument } from 'dossier';
import { withoutByteOrderMark } from './byte-order-mark.js';
import { inPieces } from './in-pieces.js';
import { isLong, type TextRecord } from './record-buffer.js';
import { type RowLimits, readLimits } from './row-limits.js';
import { textLines } from './text-lines.js';

/** The limits of a row of NDJSON. */
const LIMITS = ['maxRowBytes', 'maxRowValues', 'maxObjectMembers'] as const;

type Limits = ReturnType<typeof readLimits<(typeof LIMITS)[number]>>;

/**
 * Reads newline-delimited JSON (`application/x-ndjson`) in UTF-8, with or without a byte-order mark. Each line is a profile
 * as one flat JSON object, as in the HTTP API, optionally with `customer_id`, `_segment` and `_revision`. Blank lines are skipped.
 *
 * ```ts
 * await profiles.import('1', ndjsonRows(createReadStream('profiles.ndjson')));
 * ```
 *
 * A line that cannot be read becomes a row with a `fault`: if it is not a JSON object in valid UTF-8, repeats a member name
 * (R2), has the `_residual` of an export with residual values, or more than `maxRowBytes`, `maxRowValues` or
 * `maxObjectMembers`.
 *
 * @returns the rows. Iterating throws `MalformedRequestError` before the first of them if the input is UTF-16, or JSON over
 *   several lines, such as an array that was printed with indents.
 * @throws InvalidOptionsError if a limit is not a positive integer, or is unknown
 */
export function ndjsonRows(
  bytes: AsyncIterable<Uint8Array>,
  limits: Pick<RowLimits, 'maxRowBytes' | 'maxRowValues' | 'maxObjectMembers'> = {},
): AsyncIterable<ImportRow> {
  return readRows(bytes, readLimits(limits, LIMITS));
}

async function* readRows(bytes: AsyncIterable<Uint8Array>, limits: Limits): AsyncGenerator<ImportRow> {
  let isFirst = true;
  for await (const lines of textLines(withoutByteOrderMark(inPieces(bytes)), limits.maxRowBytes)) {
    for (const line of lines) {
      const row = await readRow(line, limits);
      if (isFirst && 'text' in line && 'fault' in row) checkFirst(line.text);
      isFirst = false;
      yield row;
    }
  }
}

/** A file of JSON over several lines would give a fault for each of them, none of which says what to do. */
function checkFirst(text: string): void {
  const isOpenArray = OPEN_ARRAY.test(text) && !CLOSED_ARRAY.test(text);
  if (!isOpenArray && !OPEN_OBJECT.test(text)) return;
  throw new MalformedRequestError(
    `The input is ${isOpenArray ? 'a JSON array' : 'JSON'} over several lines, not one JSON object per line. Convert it, for example with jq -c ${isOpenArray ? "'.[]'" : '.'}`,
  );
}

async function readRow(record: TextRecord, { maxRowValues, maxObjectMembers }: Limits): Promise<ImportRow> {
  if ('fault' in record) return record;
  const { line, text } = record;
  if (isLong(text)) await setImmediate();
  if (hasMoreValuesThan(maxRowValues, text)) {
    return { line, fault: `The row has more than ${maxRowValues} values (option \`maxRowValues\`).` };
  }
  if (isLong(text)) await setImmediate();
  let document: unknown;
  try {
    document = parseJsonDocument(text, { maxObjectMembers });
  } catch (error) {
    if (!isDossierError(error)) throw error;
    return { line, fault: error.message };
  }
  if (isLong(text)) await setImmediate();
  if (Array.isArray(document)) {
    return { line, fault: 'The line must be a JSON object, not an array. Write each object on a line of its own.' };
  }
  if (typeof document !== 'object' || document === null) {
    return { line, fault: 'The line must be a JSON object.' };
  }
  if (Object.hasOwn(document, '_residual')) return { line, fault: RESIDUAL };
  const { customer_id: customerId, _segment: segment, _revision: revision, ...members } = document as JsonObject;
  if (!isStringIfGiven(customerId)) return { line, fault: 'The member customer_id must be a string.' };
  if (!isStringIfGiven(segment)) return { line, fault: 'The member _segment must be a string.' };
  if (!isNumberIfGiven(revision)) return { line, fault: 'The member _revision must be a number.' };
  return {
    line,
    customerId,
    members,
    ...(segment !== undefined && { segment }),
    ...(revision !== undefined && { revision }),
  };
}

/** Taken as values they would break the schema, and ignored they would be lost. */
const RESIDUAL =
  'The member _residual has values that the schema does not know, which no import takes. Remove it, or define attributes or extensions for the values first, and export again.';

type JsonObject = Readonly<Record<string, unknown>>;

function isStringIfGiven(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function isNumberIfGiven(value: unknown): value is number | undefined {
  return value === undefined || typeof value === 'number';
}

const OPEN_ARRAY = /^[ \t\r]*\[[ \t\r]*(?:\{|$)/;
const CLOSED_ARRAY = /\][ \t\r]*$/;
const OPEN_OBJECT = /^[ \t\r]*\{[ \t\r]*$/;

/** Counts what begins a value or comes between two, outside strings; of a text that is no JSON, it may be anything. */
function hasMoreValuesThan(limit: number, text: string): boolean {
  if (text.length <= limit) return false;
  let count = 0;
  let isString = false;
  for (let at = 0; at < text.length && count <= limit; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) isString = !isString;
    else if (isString) at += unit === BACKSLASH ? 1 : 0;
    else if (unit === COMMA || unit === COLON || unit === BRACE || unit === BRACKET) count += 1;
  }
  return count > limit;
}

const [QUOTE, BACKSLASH, COMMA, COLON, BRACE, BRACKET] = [0x22, 0x5c, 0x2c, 0x3a, 0x7b, 0x5b];
