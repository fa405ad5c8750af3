import { TooLargeError } from '../errors.js';
import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';

/** The documents of a profile that are to be stored. */
interface Documents {
  readonly attributes: AttributesDocument;
  readonly extensions?: ExtensionsDocument | undefined;
}

/**
 * Checks a profile against the size limit. Attributes and extensions are two documents, and each has the limit for
 * itself: a replacement that keeps the extensions does not read them (R7).
 *
 * @returns the error; `undefined` if both documents are within the limit
 */
export function findOversize({ attributes, extensions }: Documents, limit: number): TooLargeError | undefined {
  if (isLarger(attributes, limit)) return new TooLargeError('The size of the attributes', limit);
  if (extensions && isLarger(extensions, limit)) return new TooLargeError('The size of the extensions', limit);
  return undefined;
}

/** @throws TooLargeError if a profile exceeds the limit */
export function checkSize(documents: Documents, limit: number): void {
  const oversize = findOversize(documents, limit);
  if (oversize) throw oversize;
}

/** Most documents are so small that an upper bound suffices, and they need not be serialized. */
function isLarger(document: object, limit: number): boolean {
  return maxBytes(document) > limit && Buffer.byteLength(JSON.stringify(document)) > limit;
}

/**
 * An upper bound for the bytes of a value as JSON, with its comma. A UTF-16 code unit takes at most six, as in
 * `\u001f`.
 */
function maxBytes(value: unknown): number {
  if (typeof value === 'string') return value.length * 6 + 3;
  // The longest number is `-1.2345678901234567e-100`.
  if (typeof value !== 'object' || value === null) return 25;
  let bytes = 3;
  if (Array.isArray(value)) {
    for (const element of value) bytes += maxBytes(element);
  } else {
    for (const name in value) bytes += name.length * 6 + 3 + maxBytes(value[name as keyof typeof value]);
  }
  return bytes;
}
