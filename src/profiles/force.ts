import { MalformedRequestError } from '../errors.js';

/**
 * Checks the word by which a caller lets data go: types do not bind one in JavaScript, where `'no'` is as good as true.
 *
 * @throws MalformedRequestError
 */
export function checkForce(force: unknown): void {
  if (force !== undefined && typeof force !== 'boolean') {
    throw new MalformedRequestError('`force` must be a boolean.');
  }
}
