import { MalformedRequestError, parseJsonDocument, TooLargeError } from 'dossier';
import { type BodyPace, chunksOf } from './body-chunks.js';
import { requireMediaType } from './media-type.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** How much a body may hold, in bytes, and how slowly it may arrive. */
export interface BodyLimits {
  readonly limit: number;
  readonly pace: BodyPace;
}

/** The media types of a JSON body, unless an operation accepts others. */
export const JSON_TYPES: readonly string[] = ['application/json'];

/** How a JSON body may be sent. */
export interface BodyForm {
  /** Whether it may be empty, and then needs no `Content-Type`. */
  readonly optional: boolean;
  readonly mediaTypes: readonly string[];
}

/**
 * Reads a JSON body, and stops at the first byte over the limit.
 *
 * @throws UnsupportedMediaTypeError if the body has none of the media types, in UTF-8 without a content coding (W2)
 * @throws TooLargeError if the declared or the actual length exceeds `limit`
 * @throws MalformedRequestError if the body is incomplete
 * @throws RequestTimeoutError if the body arrives too slowly
 */
export async function readJsonBody(
  request: Request,
  { limit, pace }: BodyLimits,
  { optional, mediaTypes }: BodyForm,
): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length'));
  if (!optional || declared > 0) requireMediaType(request.headers, mediaTypes);
  if (declared > limit) throw new TooLargeError('The body', limit);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunksOf(request, pace)) {
    if (chunk.byteLength === 0) continue;
    // Without Content-Length, the first byte is the only sign of a body.
    if (length === 0) requireMediaType(request.headers, mediaTypes);
    length += chunk.byteLength;
    if (length > limit) throw new TooLargeError('The body', limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/**
 * @throws MalformedRequestError unless the bytes are a JSON object in UTF-8 without repeated member names (R2), no object
 *   of which has more than `maxObjectMembers`
 */
export function parseJsonObject(bytes: Uint8Array, maxObjectMembers: number): JsonObject {
  const document = parseJsonDocument(decodeUtf8(bytes), { maxObjectMembers });
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new MalformedRequestError('The body must be a JSON object.');
  }
  return document as JsonObject;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new MalformedRequestError('The body must be well-formed UTF-8.');
  }
}
