const MARK = Uint8Array.of(0xef, 0xbb, 0xbf);

/** Removes the UTF-8 byte-order mark from the start of the input, if there is one. */
export async function* withoutByteOrderMark(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of bytes) {
    if (start === undefined) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < MARK.length) continue;
    yield withoutMark(start);
    start = undefined;
  }
  if (start !== undefined) yield start;
}

function withoutMark(start: Uint8Array): Uint8Array {
  return MARK.every((byte, index) => start[index] === byte) ? start.subarray(MARK.length) : start;
}
