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
  readonly limit: number;

  constructor(limit: number) {
    super('The form is too large.');
    this.limit = limit;
  }
}

/** The most that a browser makes of a byte of JSON in a form: `%22`. */
const ENCODING_FACTOR = 3;

/** What the fields of a form may take beside the values. */
const FORM_OVERHEAD = 2 ** 20;

/** The most that a file may take, which a form keeps in memory until it has arrived. */
const MAX_UPLOAD_BYTES = 2 ** 26;

export interface FormLimits {
  readonly maxBodyBytes: number;
  readonly maxImportBytes?: number | undefined;
}

/** @throws FormTooLargeError if the body is larger than what it may hold, at the first byte over the limit */
export async function readForm(request: Request, { maxBodyBytes, maxImportBytes }: FormLimits): Promise<FormBody> {
  const mediaType = request.headers.get('content-type') ?? '';
  if (!mediaType.startsWith('multipart/form-data')) {
    const bytes = await readWithin(request, ENCODING_FACTOR * maxBodyBytes + FORM_OVERHEAD);
    return { fields: new URLSearchParams(bytes.toString('utf8')), upload: undefined };
  }
  const limit = Math.min(maxImportBytes ?? MAX_UPLOAD_BYTES, MAX_UPLOAD_BYTES);
  const bytes = await readWithin(request, limit + FORM_OVERHEAD);
  const form = await new Response(bytes, { headers: { 'content-type': mediaType } }).formData();
  const fields = new URLSearchParams();
  let upload: Upload | undefined;
  for (const [name, value] of form) {
    if (typeof value === 'string') fields.append(name, value);
    else upload = { name: value.name, size: value.size, stream: () => value.stream() };
  }
  return { fields, upload };
}

async function readWithin(request: Request, limit: number): Promise<Buffer<ArrayBuffer>> {
  if (Number(request.headers.get('content-length')) > limit) throw new FormTooLargeError(limit);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > limit) throw new FormTooLargeError(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
