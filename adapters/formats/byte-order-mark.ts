import { setImmediate } from 'node:timers/promises';
import { MalformedRequestError } from 'dossier';

export const BYTE_ORDER_MARK = '\ufeff';

const MARK = Buffer.from(BYTE_ORDER_MARK);

/** As networks and files give them. */
const PIECE_BYTES = 2 ** 16;

/**
 * Removes the UTF-8 byte-order mark from the start of the input, if there is one. Iterating throws `MalformedRequestError`
 * if the input is UTF-16: if it begins with the mark of that, or with a character that has a zero byte there. Cuts long chunks: a body that is in
 * memory already may be one, and all its rows would be read in one turn of the event loop.
 */
export async function* withoutByteOrderMark(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of inPieces(bytes)) {
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

async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      if (at > 0) await setImmediate();
      yield chunk.subarray(at, at + PIECE_BYTES);
    }
  }
}

function withoutMark(start: Uint8Array): Uint8Array {
  if (isUtf16(start)) throw new MalformedRequestError('The text seems to be UTF-16. Save or convert it as UTF-8.');
  return MARK.every((byte, index) => start[index] === byte) ? start.subarray(MARK.length) : start;
}

function isUtf16([first, second]: Uint8Array): boolean {
  if (first === 0 || second === 0) return true;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}
