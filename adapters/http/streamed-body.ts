import { TooLargeError } from 'dossier';
import { type BodyPace, chunksOf } from './body-chunks.js';
import { requireMediaType } from './media-type.js';

/** A body that the operation reads as a stream. */
export interface StreamedBody {
  readonly mediaType: string;
  /** Throws `MalformedRequestError` if the body is incomplete, and `TooLargeError` at the first byte over the limit, and `RequestTimeoutError` if it arrives too slowly. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Reads and discards the rest, since many clients read the response only after sending the whole body. */
  readonly discard: () => Promise<void>;
}

export const NO_BODY: StreamedBody = { mediaType: '', bytes: noBytes(), discard: async () => undefined };

/**
 * Opens a body without reading it.
 *
 * @param limit in bytes
 * @param pace how slowly the body may arrive
 * @throws UnsupportedMediaTypeError if the body is not one of `mediaTypes` in UTF-8 without a content coding
 * @throws TooLargeError if the declared length exceeds the limit
 */
export function openBody(
  request: Request,
  mediaTypes: readonly string[],
  { limit, pace }: { readonly limit: number; readonly pace: BodyPace },
): StreamedBody {
  const mediaType = requireMediaType(request.headers, mediaTypes);
  if (Number(request.headers.get('content-length')) > limit) throw new TooLargeError('The body', limit);
  const chunks = bytesWithin(chunksOf(request, pace), limit);
  return {
    mediaType,
    // No `return` method: a reader that stops early must not cancel the rest, which `discard` still reads.
    bytes: { [Symbol.asyncIterator]: () => ({ next: () => chunks.next() }) },
    discard: () => discard(chunks),
  };
}

async function discard(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const _ of chunks);
  } catch {
    // Nobody needs the rest, so it may be incomplete or too large.
  }
}

async function* bytesWithin(body: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > limit) throw new TooLargeError('The body', limit);
    yield chunk;
  }
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
