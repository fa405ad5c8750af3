import { TooLargeError } from '../errors.js';
import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';

/** A profile as far as it is to be stored; extensions that stay as they are have been measured before. */
interface Documents {
  readonly attributes: AttributesDocument;
  readonly extensions?: ExtensionsDocument | undefined;
}

/**
 * Holds a profile to the limit. Attributes and extensions are two documents, and each is measured on its own, since a
 * replacement that leaves the extensions as they are need not read them (R7).
 *
 * @returns what is wrong with it; `undefined` where it keeps to the limit
 */
export function findOversize({ attributes, extensions }: Documents, limit: number): TooLargeError | undefined {
  if (isLarger(attributes, limit)) return new TooLargeError('The size of the attributes', limit);
  if (extensions && isLarger(extensions, limit)) return new TooLargeError('The size of the extensions', limit);
  return undefined;
}

/** @throws TooLargeError if a profile is over the limit */
export function checkSize(documents: Documents, limit: number): void {
  const oversize = findOversize(documents, limit);
  if (oversize) throw oversize;
}

/** Most documents are so small that they need not be written to be measured. */
function isLarger(document: object, limit: number): boolean {
  return mostBytes(document) > limit && Buffer.byteLength(JSON.stringify(document)) > limit;
}

/** The most bytes that a value may take as JSON, with its comma. A UTF-16 unit takes at most six, as in `\u001f`. */
function mostBytes(value: unknown): number {
  if (typeof value === 'string') return value.length * 6 + 3;
  // The longest number is `-1.2345678901234567e-100`.
  if (typeof value !== 'object' || value === null) return 25;
  let bytes = 3;
  if (Array.isArray(value)) {
    for (const element of value) bytes += mostBytes(element);
  } else {
    for (const name in value) bytes += name.length * 6 + 3 + mostBytes(value[name as keyof typeof value]);
  }
  return bytes;
}
