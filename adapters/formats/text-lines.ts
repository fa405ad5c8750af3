import { setImmediate } from 'node:timers/promises';
import { RecordBuffer, type TextRecord } from './record-buffer.js';

const LINE_FEED = 10;

/** A chunk of so many lines takes milliseconds, and most of them may be blank. */
const MANY_LINES = 1_000;

const BLANK = /^[ \t\r]*$/;

/**
 * Splits text in UTF-8 into lines, one list for each chunk of bytes. Skips blank lines, but counts them.
 *
 * @param limit the maximum size of a line in bytes
 */
export async function* textLines(
  bytes: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<readonly TextRecord[]> {
  const buffer = new RecordBuffer(limit);
  let line = 1;
  for await (const chunk of bytes) {
    const lines: TextRecord[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      buffer.add(chunk.subarray(start, end + 1));
      lines.push(buffer.take(line));
      start = end + 1;
      line += 1;
    }
    buffer.add(chunk.subarray(start));
    yield lines.filter(isNotBlank);
    if (lines.length > MANY_LINES) await setImmediate();
  }
  yield [buffer.take(line)].filter(isNotBlank);
}

function isNotBlank(record: TextRecord): boolean {
  return 'fault' in record || !BLANK.test(record.text);
}
