import { setImmediate } from 'node:timers/promises';

/** As networks and files give them. */
const PIECE_BYTES = 2 ** 16;

/**
 * Cuts long chunks. A body that is in memory already may be one chunk, and all its rows would be read in one turn of the event
 * loop.
 */
export async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      if (at > 0) await setImmediate();
      yield chunk.subarray(at, at + PIECE_BYTES);
    }
  }
}
