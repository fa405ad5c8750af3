import { MalformedRequestError } from '../errors.js';

/**
 * Checks the option that allows a loss of data, at run time for callers in JavaScript: there, the string `'no'` is
 * truthy.
 *
 * @throws MalformedRequestError if it is not a boolean
 */
export function checkForce(force: unknown): void {
  if (force !== undefined && typeof force !== 'boolean') {
    throw new MalformedRequestError('`force` must be a boolean.');
  }
}
