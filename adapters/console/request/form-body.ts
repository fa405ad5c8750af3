/** A file of a form. */
export interface Upload {
  readonly name: string;
  readonly size: number;
  readonly stream: () => ReadableStream<Uint8Array>;
}

export interface FormBody {
  readonly fields: URLSearchParams;
  readonly upload: Upload | undefined;
}

/** A form that is larger than it may be. */
export class FormTooLargeError extends Error {
  /** What it may have at most, such as `100 bytes`. */
  readonly limit: string;

  constructor(limit: string) {
    super('The form is too large.');
    this.limit = limit;
  }
}

/** A form that arrives too slowly. */
export class FormTooSlowError extends Error {
  constructor() {
    super('The form arrives too slowly.');
  }
}

/** The most that a browser makes of a byte of JSON in a form: `%22`. */
const ENCODING_FACTOR = 3;

/** What the fields of a form may take beside the values. */
const FORM_OVERHEAD = 2 ** 20;

/** More fields than any form here has, each of which takes many times the memory of its text. */
const MAX_FIELDS = 10_000;

/** The most that a file may take. Its form is in memory up to three times until it is read. */
const MAX_UPLOAD_BYTES = 2 ** 24;

export interface FormLimits {
  readonly maxBodyBytes: number;
  readonly maxImportBytes?: number | undefined;
  /** The time that a form may take to arrive, beside what `minBodyRate` adds. */
  readonly bodyTimeoutMs: number;
  /** Each so many bytes add a second. */
  readonly minBodyRate: number;
}

/**
 * @throws FormTooLargeError if the body is larger than what it may hold, at the first byte over the limit, or has too many
 *   fields
 * @throws FormTooSlowError if it arrives too slowly
 */
export async function readForm(request: Request, limits: FormLimits): Promise<FormBody> {
  const { maxBodyBytes, maxImportBytes } = limits;
  const mediaType = request.headers.get('content-type') ?? '';
  if (!mediaType.startsWith('multipart/form-data')) {
    const bytes = await readWithin(request, ENCODING_FACTOR * maxBodyBytes + FORM_OVERHEAD, limits);
    if (hasMoreFields(bytes, MAX_FIELDS)) throw new FormTooLargeError(`${MAX_FIELDS} fields`);
    return { fields: new URLSearchParams(bytes.toString('utf8')), upload: undefined };
  }
  const limit = Math.min(maxImportBytes ?? MAX_UPLOAD_BYTES, MAX_UPLOAD_BYTES);
  const bytes = await readWithin(request, limit + FORM_OVERHEAD, limits);
  // What no browser sends has no token either.
  const form = await new Response(bytes, { headers: { 'content-type': mediaType } })
    .formData()
    .catch(() => new FormData());
  const fields = new URLSearchParams();
  let upload: Upload | undefined;
  for (const [name, value] of form) {
    if (typeof value === 'string') fields.append(name, value);
    else upload = { name: value.name, size: value.size, stream: () => value.stream() };
  }
  return { fields, upload };
}

function hasMoreFields(bytes: Buffer, limit: number): boolean {
  let fields = 1;
  for (let at = bytes.indexOf(AMPERSAND); at >= 0 && fields <= limit; at = bytes.indexOf(AMPERSAND, at + 1))
    fields += 1;
  return fields > limit;
}

const AMPERSAND = 0x26;

async function readWithin(request: Request, limit: number, pace: FormLimits): Promise<Buffer<ArrayBuffer>> {
  if (Number(request.headers.get('content-length')) > limit) throw new FormTooLargeError(`${limit} bytes`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  const started = performance.now();
  for (;;) {
    const due = started + pace.bodyTimeoutMs + (length / pace.minBodyRate) * 1_000;
    const chunk = await nextChunk(reader, due - performance.now());
    if (chunk === undefined) return Buffer.concat(chunks, length);
    length += chunk.byteLength;
    if (length > limit) throw new FormTooLargeError(`${limit} bytes`);
    chunks.push(chunk);
  }
}

/** @throws FormTooSlowError if there is none in time */
async function nextChunk(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  timeoutMs: number,
): Promise<Uint8Array | undefined> {
  if (!reader) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new FormTooSlowError()), Math.max(0, timeoutMs));
  });
  try {
    return (await Promise.race([reader.read(), timeout])).value;
  } finally {
    clearTimeout(timer);
  }
}
