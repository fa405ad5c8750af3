import {
  MalformedRequestError,
  parseJsonDocument,
  RequestTimeoutError,
  TooLargeError,
  UnsupportedMediaTypeError,
} from 'dossier';
import type { BodyDescription } from './openapi/operation-description.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** How slowly a body may arrive: within `timeoutMs`, plus one second for each `minRate` bytes that have arrived. */
export interface BodyPace {
  readonly timeoutMs: number;
  /** In bytes per second. */
  readonly minRate: number;
}

/** How much a body may hold, in bytes, and how slowly it may arrive. */
export interface BodyLimits {
  readonly limit: number;
  readonly pace: BodyPace;
}

/** The media types of a JSON body, unless an operation accepts others. */
export const JSON_TYPES: readonly string[] = ['application/json'];

/**
 * Reads a JSON body, and stops at the first byte over the limit.
 *
 * @returns `undefined` if the body is missing, and may be; then it needs no `Content-Type`
 * @throws UnsupportedMediaTypeError if the body has none of the media types, in UTF-8 without a content coding (W2)
 * @throws TooLargeError if the declared or the actual length exceeds `limit`
 * @throws MalformedRequestError if the body is incomplete
 * @throws RequestTimeoutError if the body arrives too slowly
 */
export async function readJsonBody(
  request: Request,
  { limit, pace }: BodyLimits,
  { optional = false, mediaTypes = JSON_TYPES }: Pick<BodyDescription, 'optional' | 'mediaTypes'>,
): Promise<Uint8Array | undefined> {
  const declared = Number(request.headers.get('content-length'));
  let isTypeChecked = !optional || declared > 0;
  if (isTypeChecked) requireMediaType(request.headers, mediaTypes);
  if (declared > limit) throw new TooLargeError('The body', limit);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunksOf(request, pace)) {
    if (chunk.byteLength === 0) continue;
    // Without Content-Length, the first byte is the only sign of a body.
    if (!isTypeChecked) requireMediaType(request.headers, mediaTypes);
    isTypeChecked = true;
    length += chunk.byteLength;
    if (length > limit) throw new TooLargeError('The body', limit);
    chunks.push(chunk);
  }
  return optional && length === 0 ? undefined : Buffer.concat(chunks, length);
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
 * @throws UnsupportedMediaTypeError if the body is not one of `mediaTypes` in UTF-8 without a content coding
 * @throws TooLargeError if the declared length exceeds the limit
 */
export function openBody(request: Request, mediaTypes: readonly string[], { limit, pace }: BodyLimits): StreamedBody {
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

const CHARSET = /^charset=(?:utf-8|"utf-8")$/i;

/** The parameters of single media types: the first row of CSV is always a header (RFC 4180 §3). */
const PARAMETERS: ReadonlyMap<string, RegExp> = new Map([['text/csv', /^header=(?:present|"present")$/i]]);

/**
 * Returns the media type of a request body.
 *
 * @throws UnsupportedMediaTypeError unless the type is one of `accepted`, in UTF-8, without a content coding (W2)
 */
function requireMediaType<const MediaType extends string>(headers: Headers, accepted: readonly MediaType[]): MediaType {
  const [given = '', ...parameters] = (headers.get('content-type') ?? '').split(';').map((part) => part.trim());
  const mediaType = accepted.find((candidate) => candidate === given.toLowerCase());
  const own = PARAMETERS.get(mediaType ?? '');
  const isKnown = (parameter: string) => parameter === '' || CHARSET.test(parameter) || own?.test(parameter) === true;
  if (own && parameters.some((parameter) => /^header=(?:absent|"absent")$/i.test(parameter))) {
    throw new UnsupportedMediaTypeError(
      'The header Content-Type has header=absent, but the first row of CSV must name the columns. Add it, and leave the parameter out.',
    );
  }
  if (mediaType === undefined || !parameters.every(isKnown)) {
    throw new UnsupportedMediaTypeError(
      `The header Content-Type must be ${accepted.join(' or ')}, with or without charset=utf-8.`,
    );
  }
  const coding = headers.get('content-encoding') ?? 'identity';
  if (coding.trim().toLowerCase() !== 'identity') {
    throw new UnsupportedMediaTypeError('The header Content-Encoding must be absent: send the body uncompressed.');
  }
  return mediaType;
}

/**
 * Yields the chunks of a request body. If the caller stops early, the rest of the body is cancelled.
 *
 * @param pace counts only the time that is spent waiting for the client
 * @throws MalformedRequestError if the body is incomplete, as when the client disconnects
 * @throws RequestTimeoutError if the body arrives too slowly
 * @throws Error if the host has already read the body
 */
async function* chunksOf(request: Request, pace: BodyPace): AsyncGenerator<Uint8Array> {
  if (request.body === null) return;
  const reader = request.body.getReader();
  let length = 0;
  let waitedMs = 0;
  let finished = false;
  try {
    while (true) {
      const started = performance.now();
      const allowedMs = pace.timeoutMs + (length / pace.minRate) * 1000 - waitedMs;
      const read = await within(allowedMs, reader.read().catch(refuseIncomplete), pace);
      waitedMs += performance.now() - started;
      if (read.done) break;
      length += read.value.byteLength;
      yield read.value;
    }
    finished = true;
    if (length === 0 && Number(request.headers.get('content-length')) > 0) {
      throw new Error('The host has already read the request body. Mount the API before body parsers.');
    }
  } finally {
    if (!finished) reader.cancel().catch(() => undefined);
  }
}

/** The longest delay of a timer, about 25 days. */
const MAX_DELAY_MS = 2 ** 31 - 1;

async function within<Result>(delayMs: number, reading: Promise<Result>, pace: BodyPace): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(pace)), Math.min(Math.max(delayMs, 0), MAX_DELAY_MS));
  });
  try {
    return await Promise.race([reading, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function tooSlow({ timeoutMs, minRate }: BodyPace): RequestTimeoutError {
  return new RequestTimeoutError(
    `The body arrives too slowly. It must arrive within ${timeoutMs} ms, plus one second for each ${minRate} bytes.`,
  );
}

function refuseIncomplete(): never {
  throw new MalformedRequestError('The body is incomplete.');
}
