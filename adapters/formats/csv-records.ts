import { RecordBytes, type TextRecord } from './record-bytes.js';

const QUOTE = 0x22;
const LINE_FEED = 10;

/** Where in a record the next byte stands. */
type Place = 'start of field' | 'plain' | 'quoted' | 'after quote';

/**
 * The records of a table in UTF-8, as RFC 4180 separates them: by line breaks outside of quotes. Lone carriage returns
 * separate nothing. What is between the quotes is left to the reader of the record; a chunk of bytes gives a list.
 */
export class CsvRecords {
  readonly #delimiter: number;
  readonly #gathered: RecordBytes;
  #place: Place = 'start of field';
  #line = 1;
  /** Where the record begins that is being gathered. */
  #begin = 1;

  constructor(delimiter: string, limit: number) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#gathered = new RecordBytes(limit);
  }

  async *read(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly TextRecord[]> {
    for await (const chunk of bytes) yield this.#split(chunk);
    const last = this.#gathered.take(this.#begin);
    const isOpen = this.#place === 'quoted';
    yield isOpen ? [{ line: last.line, fault: 'A quote is never closed.' }] : [last].filter(isGiven);
  }

  #split(chunk: Uint8Array): TextRecord[] {
    const records: TextRecord[] = [];
    let place = this.#place;
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === LINE_FEED) {
        this.#line += 1;
        if (place === 'quoted') continue;
        place = 'start of field';
        this.#gathered.add(chunk.subarray(start, at + 1));
        start = at + 1;
        records.push(this.#gathered.take(this.#begin));
        this.#begin = this.#line;
      } else if (place === 'quoted') {
        if (byte === QUOTE) place = 'after quote';
      } else if (byte === this.#delimiter) place = 'start of field';
      else if (byte === QUOTE && place !== 'plain') place = 'quoted';
      else place = 'plain';
    }
    this.#gathered.add(chunk.subarray(start));
    this.#place = place;
    return records.filter(isGiven);
  }
}

function isGiven(record: TextRecord): boolean {
  return 'fault' in record || record.text !== '';
}
