import { MalformedRequestError } from '../errors.js';
import { isPlainObject } from '../model/guards.js';

/** The names of a method's options. The type requires all of them, so that the list cannot lag behind the interface. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

const SHOWN_NAME = 64;

/**
 * Refuses unknown options: a misspelt `ifRevision` would otherwise change a profile unconditionally.
 *
 * @throws MalformedRequestError for an unknown option, or if the options are not a plain object
 */
export function checkOptionNames<Options extends object>(
  options: Options,
  names: OptionNames<Required<Options>>,
): void {
  if (!isPlainObject(options)) throw new MalformedRequestError('`options` must be a plain object.');
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(names, name)) continue;
    const known = Object.keys(names).join(', ');
    throw new MalformedRequestError(`\`${name.slice(0, SHOWN_NAME)}\` is not an option of this method. Use: ${known}.`);
  }
}
