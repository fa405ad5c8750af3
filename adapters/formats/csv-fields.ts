import { parse } from 'csv-parse/sync';
import type { TextRecord } from './record-bytes.js';

/** A record with its fields. */
export type FieldsRecord = { readonly line: number } & (
  | { readonly fields: readonly string[] }
  | { readonly fault: string }
);

/** The parser takes much longer to begin than to read a record, so that it is given several. */
const BATCH = 100;

/** Reads the fields of records; those that break the rules of RFC 4180 for quotes become faults. */
export function* fieldsOf(records: readonly TextRecord[], delimiter: string): Generator<FieldsRecord> {
  for (let start = 0; start < records.length; start += BATCH) {
    const batch = records.slice(start, start + BATCH);
    const texts = batch.flatMap((record) => ('text' in record ? record.text : []));
    let next = 0;
    const parsed = parseAll(texts, delimiter);
    for (const record of batch) {
      if ('fault' in record) yield record;
      else yield readFields(record.line, parsed?.[next++] ?? parseOne(record.text, delimiter));
    }
  }
}

function readFields(line: number, fields: readonly string[] | undefined): FieldsRecord {
  return fields ? { line, fields } : { line, fault: 'The row has a quote that does not enclose a whole field.' };
}

function parseOne(text: string, delimiter: string): readonly string[] | undefined {
  return parseAll([text], delimiter)?.[0];
}

/** Answers nothing if one of them is broken. */
function parseAll(texts: readonly string[], delimiter: string): readonly (readonly string[])[] | undefined {
  try {
    const records = parse(texts.join('\n'), { delimiter, record_delimiter: '\n', relax_column_count: true });
    return records.length === texts.length ? records : undefined;
  } catch {
    // Its message quotes the field.
    return undefined;
  }
}
