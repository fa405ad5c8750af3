import { parse } from 'csv-parse/sync';
import type { TextRecord } from './record-buffer.js';

/** A record split into its fields, or the reason why it cannot be split. */
export type FieldsRecord = { readonly line: number } & (
  | { readonly fields: readonly string[] }
  | { readonly fault: string }
);

/** Starting the parser costs much more than parsing a record, so it parses several at a time. */
const BATCH = 100;

/** A batch of so many characters gets no more records: a turn of the event loop must stay short. */
const BATCH_SIZE = 2 ** 15;

function lengthOfBatch(records: readonly TextRecord[], start: number): number {
  let length = 0;
  for (let size = 0; length < BATCH && size < BATCH_SIZE && start + length < records.length; length += 1) {
    const record = records[start + length];
    size += record && 'text' in record ? record.text.length : 0;
  }
  return length;
}

/** Splits records into fields. A record whose quotes are not valid by RFC 4180 becomes a fault. */
export function* fieldsOf(records: readonly TextRecord[], delimiter: string): Generator<FieldsRecord> {
  for (let start = 0; start < records.length; ) {
    const batch = records.slice(start, start + lengthOfBatch(records, start));
    start += batch.length;
    const texts = batch.flatMap((record) => ('text' in record && hasQuotes(record.text) ? record.text : []));
    let next = 0;
    const parsed = parseAll(texts, delimiter);
    for (const record of batch) {
      if ('fault' in record) yield record;
      else if (!hasQuotes(record.text)) yield readFields(record.line, record.text.split(delimiter));
      else yield readFields(record.line, parsed?.[next++] ?? parseOne(record.text, delimiter));
    }
  }
}

/** Without quotes there is nothing to parse, which would take far longer. */
function hasQuotes(text: string): boolean {
  return text.includes('"');
}

function readFields(line: number, fields: readonly string[] | undefined): FieldsRecord {
  return fields
    ? { line, fields }
    : { line, fault: 'The row has a misplaced quote. Quote the whole field, and double each quote inside it.' };
}

function parseOne(text: string, delimiter: string): readonly string[] | undefined {
  return parseAll([text], delimiter)?.[0];
}

/** Returns `undefined` if any of the texts is not valid. */
function parseAll(texts: readonly string[], delimiter: string): readonly (readonly string[])[] | undefined {
  if (texts.length === 0) return [];
  try {
    const records = parse(texts.join('\n'), { delimiter, record_delimiter: '\n', relax_column_count: true });
    return records.length === texts.length ? records : undefined;
  } catch {
    // The parser's error quotes the field, so it is dropped.
    return undefined;
  }
}
