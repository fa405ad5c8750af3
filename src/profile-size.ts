import { TooLargeError } from './errors/too-large-error.js';
import type { AttributesDocument, ExtensionsDocument } from './storage/profile-repository.js';

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
  if (isLarger(attributes, limit)) return new TooLargeError('The attributes of the profile', limit);
  if (extensions && isLarger(extensions, limit)) return new TooLargeError('The extensions of the profile', limit);
  return undefined;
}

/** @throws TooLargeError if a profile is over the limit */
export function checkSize(documents: Documents, limit: number): void {
  const oversize = findOversize(documents, limit);
  if (oversize) throw oversize;
}

/** No UTF-16 unit takes more than three bytes of UTF-8, so most documents need not be encoded to be measured. */
function isLarger(document: object, limit: number): boolean {
  const json = JSON.stringify(document);
  return json.length * 3 > limit && Buffer.byteLength(json) > limit;
}
