import { TooLargeError } from './errors/too-large-error.js';
import type { AttributesDocument, ExtensionsDocument } from './storage/profile-repository.js';

/**
 * Holds a profile to the limit. Attributes and extensions are two documents, and each is measured on its own, since a
 * replacement that leaves the extensions as they are need not read them (R7).
 *
 * @throws TooLargeError
 */
export function checkSize(
  attributes: AttributesDocument,
  extensions: ExtensionsDocument | undefined,
  limit: number,
): void {
  if (isLarger(attributes, limit)) throw new TooLargeError('The attributes of the profile', limit);
  if (extensions && isLarger(extensions, limit)) throw new TooLargeError('The extensions of the profile', limit);
}

/** No UTF-16 unit takes more than three bytes of UTF-8, so most documents need not be encoded to be measured. */
function isLarger(document: object, limit: number): boolean {
  const json = JSON.stringify(document);
  return json.length * 3 > limit && Buffer.byteLength(json) > limit;
}
