import { RecordBuffer, type TextRecord } from './record-buffer.js';

const QUOTE = 0x22;
const LINE_FEED = 10;

/** The state of the parser before the next byte. */
type State = 'start of field' | 'unquoted' | 'quoted' | 'after quote';

/**
 * Splits CSV in UTF-8 into records at the line breaks outside quotes (RFC 4180), one list for each chunk of bytes. A lone
 * carriage return ends no record. Fields are not parsed yet.
 *
 * @param limit the maximum size of a record in bytes
 */
export async function* csvRecords(
  bytes: AsyncIterable<Uint8Array>,
  delimiter: string,
  limit: number,
): AsyncGenerator<readonly TextRecord[]> {
  const splitter = new RecordSplitter(delimiter, limit);
  for await (const chunk of bytes) yield splitter.split(chunk);
  yield splitter.end();
}

class RecordSplitter {
  readonly #delimiter: number;
  readonly #buffer: RecordBuffer;
  #state: State = 'start of field';
  #line = 1;
  /** The line on which the current record starts. */
  #startLine = 1;

  constructor(delimiter: string, limit: number) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#buffer = new RecordBuffer(limit);
  }

  /** The records that end in the chunk. */
  split(chunk: Uint8Array): TextRecord[] {
    const records: TextRecord[] = [];
    let state = this.#state;
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === LINE_FEED) {
        this.#line += 1;
        if (state === 'quoted') continue;
        state = 'start of field';
        this.#buffer.add(chunk.subarray(start, at + 1));
        start = at + 1;
        records.push(this.#buffer.take(this.#startLine));
        this.#startLine = this.#line;
      } else if (state === 'quoted') {
        if (byte === QUOTE) state = 'after quote';
      } else if (byte === this.#delimiter) state = 'start of field';
      else if (byte === QUOTE && state !== 'unquoted') state = 'quoted';
      else state = 'unquoted';
    }
    this.#buffer.add(chunk.subarray(start));
    this.#state = state;
    return records.filter(isNotEmpty);
  }

  /** The last record, if the input does not end with a line break. */
  end(): TextRecord[] {
    const last = this.#buffer.take(this.#startLine);
    if (this.#state === 'quoted') return [{ line: last.line, fault: 'The row has an unclosed quote.' }];
    return [last].filter(isNotEmpty);
  }
}

function isNotEmpty(record: TextRecord): boolean {
  return 'fault' in record || record.text !== '';
}
