/** What a member takes beside a name that needs no escapes and its value: two quotes, a colon, and a comma or brace. */
export const MEMBER_BYTES = 4;

/**
 * Counts the bytes that a document takes as JSON in UTF-8 while it is made, so that what makes it can stop at the limit.
 * Each member and element is counted with one byte for the comma or bracket that follows it.
 */
export class DocumentSize {
  readonly limit: number;
  /** So many bytes so far. A document that is larger than the limit may be counted in part. */
  bytes = 0;

  constructor(limit: number = Number.POSITIVE_INFINITY) {
    this.limit = limit;
  }

  get exceeded(): boolean {
    return this.bytes > this.limit;
  }

  /** Adds a whole value, and stops at the limit. */
  addValue(value: unknown): void {
    if (typeof value === 'string') this.bytes += textBytes(value);
    else if (typeof value !== 'object' || value === null) this.bytes += String(value).length;
    else if (Array.isArray(value)) this.#addArray(value);
    else this.#addObject(value as Readonly<Record<string, unknown>>);
  }

  #addArray(elements: readonly unknown[]): void {
    this.bytes += elements.length === 0 ? 2 : 1;
    for (const element of elements) {
      if (this.exceeded) return;
      this.addValue(element);
      this.bytes += 1;
    }
  }

  #addObject(members: Readonly<Record<string, unknown>>): void {
    let isEmpty = true;
    this.bytes += 1;
    for (const name in members) {
      const value = members[name];
      if (value === undefined) continue;
      if (this.exceeded) return;
      isEmpty = false;
      this.bytes += textBytes(name) + 1;
      this.addValue(value);
      this.bytes += 1;
    }
    if (isEmpty) this.bytes += 1;
  }
}

/** Whether a document takes more bytes as JSON. Counts no further than the limit. */
export function isLargerThan(limit: number, document: object): boolean {
  const size = new DocumentSize(limit);
  size.addValue(document);
  return size.exceeded;
}

/** The bytes of a text as JSON, with its quotes. `JSON.stringify` writes a lone surrogate as `\udXXX`. */
function textBytes(text: string): number {
  let bytes = 2;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) bytes += unit >= 0x20 ? (unit === QUOTE || unit === BACKSLASH ? 2 : 1) : SHORT.has(unit) ? 2 : 6;
    else if (unit < 0x800) bytes += 2;
    else if (unit < 0xd800 || unit > 0xdfff) bytes += 3;
    else if (unit <= 0xdbff && isLowSurrogate(text.charCodeAt(at + 1))) {
      bytes += 4;
      at += 1;
    } else bytes += 6;
  }
  return bytes;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Those that are written with a letter: `\b`, `\t`, `\n`, `\f` and `\r`. */
const SHORT: ReadonlySet<number> = new Set([8, 9, 10, 12, 13]);

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
