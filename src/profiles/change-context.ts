import { MalformedRequestError } from '../errors.js';
import { checkOptionNames, type OptionNames } from '../rules/method-options.js';

const SEGMENT = /^[\x21-\x7e](?:[\x20-\x7e]{0,62}[\x21-\x7e])?$/;

/** Metadata of a change. */
export interface ChangeContext {
  /**
   * A label set by trusted infrastructure, never by the customer: 1 to 64 printable ASCII characters, without a blank
   * at either end. If absent, the profile keeps its segment (W1).
   */
  readonly segment?: string | undefined;
}

const CONTEXT_OPTIONS: OptionNames<ChangeContext> = { segment: true };

/**
 * @throws MalformedRequestError for an unknown option, or a segment that is not valid: it must fit into an HTTP header
 */
export function checkContext(context: ChangeContext): void {
  checkOptionNames(context, CONTEXT_OPTIONS);
  const { segment } = context;
  if (segment !== undefined && !(typeof segment === 'string' && SEGMENT.test(segment))) {
    throw new MalformedRequestError(
      '`segment` must have 1 to 64 printable ASCII characters, without a blank at either end.',
    );
  }
}
