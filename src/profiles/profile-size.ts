import { TooLargeError } from '../errors.js';
import type { AttributesDocument, ExtensionsDocument } from '../model/documents.js';
import type { DocumentName } from '../rules/decision.js';
import { isLargerThan } from '../rules/document-size.js';

/** The documents of a profile that are to be stored. */
interface Documents {
  readonly attributes: AttributesDocument;
  readonly extensions?: ExtensionsDocument | undefined;
}

/**
 * Holds a profile to the limit. Attributes and extensions are two documents, and each is measured on its own, since a
 * replacement that leaves the extensions as they are need not read them (R7).
 *
 * @throws TooLargeError if a profile is over the limit
 */
export function checkSize({ attributes, extensions }: Documents, limit: number): void {
  if (isLargerThan(limit, attributes)) throw tooLarge('attributes', limit);
  if (extensions && isLargerThan(limit, extensions)) throw tooLarge('extensions', limit);
}

/** The error for a document that is over the limit. */
export function tooLarge(document: DocumentName, limit: number): TooLargeError {
  return new TooLargeError(`The size of the ${document}`, limit);
}
