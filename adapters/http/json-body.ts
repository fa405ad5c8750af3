import { MalformedRequestError, parseJsonDocument, TooLargeError } from 'dossier';
import { requireMediaType } from './media-type.js';

export type JsonObject = Readonly<Record<string, unknown>>;

const JSON_TYPE = ['application/json'] as const;

/**
 * Reads a JSON body, and stops at the first byte over the limit.
 *
 * @param optional whether an empty body is none at all, and so of no type
 * @throws UnsupportedMediaTypeError unless the body is plain `application/json` in UTF-8 (W2)
 * @throws TooLargeError if the declared or the real length is over `limit`, in bytes
 * @throws MalformedRequestError if the body breaks off
 */
export async function readJsonBody(
  request: Request,
  limit: number,
  { optional }: { readonly optional: boolean },
): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length'));
  if (!optional || declared > 0) requireMediaType(request.headers, JSON_TYPE);
  if (declared > limit) throw new TooLargeError('The body', limit);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunksOf(request)) {
    if (chunk.byteLength === 0) continue;
    // Without a declared length only the first byte tells that there is a body.
    if (length === 0) requireMediaType(request.headers, JSON_TYPE);
    length += chunk.byteLength;
    if (length > limit) throw new TooLargeError('The body', limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/**
 * The chunks of a body. A caller that stops early cancels the rest.
 *
 * @throws MalformedRequestError if the body breaks off
 * @throws Error if the host has read it already, so that what was declared never comes
 */
export async function* chunksOf(request: Request): AsyncGenerator<Uint8Array> {
  if (request.body === null) return;
  const reader = request.body.getReader();
  let length = 0;
  let finished = false;
  try {
    while (true) {
      const read = await reader.read().catch(brokenOff);
      if (read.done) break;
      length += read.value.byteLength;
      yield read.value;
    }
    finished = true;
    if (length === 0 && Number(request.headers.get('content-length')) > 0) {
      throw new Error('The host has read the body already: mount the interface before its body parsers.');
    }
  } finally {
    if (!finished) await reader.cancel().catch(() => undefined);
  }
}

function brokenOff(): never {
  throw new MalformedRequestError('The body breaks off.');
}

/** @throws MalformedRequestError unless the bytes are a JSON object in UTF-8 without repeated members (R2). */
export function parseJsonObject(bytes: Uint8Array): JsonObject {
  const document = parseJsonDocument(decodeUtf8(bytes));
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new MalformedRequestError('The body must be a JSON object.');
  }
  return document as JsonObject;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new MalformedRequestError('The body is not well-formed UTF-8.');
  }
}
