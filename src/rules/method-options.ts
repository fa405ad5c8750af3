import { MalformedRequestError } from '../errors.js';
import { isPlainObject } from '../model/plain-object.js';

/** The names of the options that a method takes, which the compiler holds against their type. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

const SHOWN_NAME = 64;

/**
 * Refuses options that a method does not have: a misspelt `ifRevision` would otherwise change a profile unconditionally.
 *
 * @throws MalformedRequestError
 */
export function checkOptionNames<Options extends object>(
  options: Options,
  names: OptionNames<Required<Options>>,
): void {
  if (!isPlainObject(options)) throw new MalformedRequestError('The options must be a plain object.');
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(names, name)) continue;
    const known = Object.keys(names).join(', ');
    throw new MalformedRequestError(`\`${name.slice(0, SHOWN_NAME)}\` is not an option of this method. Use: ${known}.`);
  }
}
