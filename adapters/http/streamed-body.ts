import { TooLargeError } from 'dossier';
import { requireMediaType } from './media-type.js';
import { chunksOf } from './request-body.js';

/** A body that is read as it comes. */
export interface StreamedBody {
  readonly mediaType: string;
  /** Throws a `MalformedRequestError` where the body breaks off, and a `TooLargeError` at the first byte over the limit. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Reads what is left and drops it, since many clients look for no answer before they have sent all. */
  readonly drop: () => Promise<void>;
}

export const NO_BODY: StreamedBody = { mediaType: '', bytes: noBytes(), drop: async () => undefined };

/**
 * Opens a body, without reading it.
 *
 * @param limit in bytes
 * @throws UnsupportedMediaTypeError unless it is of one of the types, in UTF-8
 * @throws TooLargeError if the declared length is over the limit
 */
export function openBody(request: Request, mediaTypes: readonly string[], limit: number): StreamedBody {
  const mediaType = requireMediaType(request.headers, mediaTypes);
  if (Number(request.headers.get('content-length')) > limit) throw new TooLargeError('The body', limit);
  const chunks = bytesWithin(request, limit);
  return {
    mediaType,
    // Without `return`: who reads no further must not cancel the rest.
    bytes: { [Symbol.asyncIterator]: () => ({ next: () => chunks.next() }) },
    drop: () => drop(chunks),
  };
}

async function drop(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const _ of chunks);
  } catch {
    // What is dropped may break off, or be too long.
  }
}

async function* bytesWithin(request: Request, limit: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of chunksOf(request)) {
    length += chunk.byteLength;
    if (length > limit) throw new TooLargeError('The body', limit);
    yield chunk;
  }
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
