import { TooLargeError } from '../errors.js';
import type { DocumentName } from '../rules/decision.js';

/** The error for a document that is over the limit. */
export function tooLarge(document: DocumentName, limit: number): TooLargeError {
  return new TooLargeError(`The size of the ${document}`, limit);
}
