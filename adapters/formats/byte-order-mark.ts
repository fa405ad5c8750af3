import { MalformedRequestError } from 'dossier';

export const BYTE_ORDER_MARK = '\ufeff';

const MARK = Buffer.from(BYTE_ORDER_MARK);

/**
 * Removes the UTF-8 byte-order mark from the start of the input, if there is one. Iterating throws `MalformedRequestError`
 * if the input is UTF-16: if it begins with the mark of that, or with a character that has a zero byte there.
 */
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
  if (start !== undefined) yield withoutMark(start);
}

function withoutMark(start: Uint8Array): Uint8Array {
  if (isUtf16(start)) throw new MalformedRequestError('The text seems to be UTF-16. Save or convert it as UTF-8.');
  return MARK.every((byte, index) => start[index] === byte) ? start.subarray(MARK.length) : start;
}

function isUtf16([first, second]: Uint8Array): boolean {
  if (first === 0 || second === 0) return true;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}
