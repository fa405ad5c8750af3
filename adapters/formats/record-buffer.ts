/** The text of one record of the input, or the reason why it cannot be read. */
export type TextRecord = {
  /** The line on which it starts, counted from 1. */
  readonly line: number;
} & ({ readonly text: string } | { readonly fault: string });

/** In characters. */
const LONG = 2 ** 18;

/** Whether reading a text takes so long that each step of it gets a turn of the event loop. */
export function isLong(text: string): boolean {
  return text.length > LONG;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Collects the bytes of one record from several chunks. Drops the bytes of a record over the limit, so that a file without
 * line breaks cannot exhaust memory.
 */
export class RecordBuffer {
  readonly #limit: number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #parts: Uint8Array[] = [];
  #length = 0;

  /** @param limit in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > this.#limit) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  /** Ends the record, and returns it without its line break. */
  take(line: number): TextRecord {
    const parts = this.#parts;
    const tooLong = this.#length > this.#limit;
    this.#parts = [];
    this.#length = 0;
    if (tooLong)
      return { line, fault: `The row is longer than the limit of ${this.#limit} bytes (option \`maxRowBytes\`).` };
    const [first = new Uint8Array()] = parts;
    const text = this.#decode(withoutLineEnd(parts.length > 1 ? Buffer.concat(parts) : first));
    return text === undefined ? { line, fault: 'The row must be well-formed UTF-8.' } : { line, text };
  }

  #decode(bytes: Uint8Array): string | undefined {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      return undefined;
    }
  }
}

function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  if (bytes[end - 1] === LINE_FEED) end -= 1;
  if (bytes[end - 1] === CARRIAGE_RETURN) end -= 1;
  return bytes.subarray(0, end);
}
