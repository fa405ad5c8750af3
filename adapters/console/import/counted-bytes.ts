import type { Upload } from '../request/form-body.js';

/** Small, so that progress is told often. */
const PIECE_BYTES = 2 ** 14;

/** The bytes of a file, in pieces, each of which is read when it is asked for. */
export function countedBytes(upload: Upload, onProgress: (bytes: number) => void): ReadableStream<Uint8Array> {
  let read = 0;
  async function* pieces() {
    for await (const chunk of upload.stream()) {
      for (let at = 0; at < chunk.byteLength; at += PIECE_BYTES) {
        const piece = chunk.subarray(at, at + PIECE_BYTES);
        yield piece;
        // Asked for the next one, the reader has done with it.
        read += piece.byteLength;
        onProgress(read);
      }
    }
  }
  const iterator = pieces();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await iterator.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
