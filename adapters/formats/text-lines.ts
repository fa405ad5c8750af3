import { RecordBytes, type TextRecord } from './record-bytes.js';

const LINE_FEED = 10;
const BLANK = /^[ \t\r]*$/;

/** The lines of a text in UTF-8 that are not blank; a chunk of bytes gives a list of them. */
export async function* textLines(
  bytes: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<readonly TextRecord[]> {
  const gathered = new RecordBytes(limit);
  let line = 1;
  for await (const chunk of bytes) {
    const lines: TextRecord[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      gathered.add(chunk.subarray(start, end + 1));
      lines.push(gathered.take(line));
      start = end + 1;
      line += 1;
    }
    gathered.add(chunk.subarray(start));
    yield lines.filter(isGiven);
  }
  yield [gathered.take(line)].filter(isGiven);
}

function isGiven(record: TextRecord): boolean {
  return 'fault' in record || !BLANK.test(record.text);
}
