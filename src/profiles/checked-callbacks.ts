import { InvalidOptionsError, MalformedRequestError } from '../errors.js';
import { CUSTOMER_ID_FORM, isCustomerId } from '../rules/ids.js';

/** The first and the last time that `YYYY-MM-DDTHH:mm:ss.SSSZ` can express. */
const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * The host's clock, whose answers are checked.
 *
 * @returns a clock that throws InvalidOptionsError where the host's throws, or answers no date
 */
export function checkedClock(now: () => Date): () => Date {
  return () => {
    const time = call('now', CLOCK_FORM, () => Date.prototype.getTime.call(now()));
    if (time >= FIRST && time <= LAST) return new Date(time);
    throw invalid('now', CLOCK_FORM);
  };
}

const CLOCK_FORM = 'a function that answers a valid Date of the years 0001 to 9999';

/**
 * The host's generator of customer ids, whose answers are checked.
 *
 * @returns a generator that throws InvalidOptionsError where the host's throws, or answers no customer id
 */
export function checkedGenerator(generate: () => string): () => string {
  return () => {
    const customerId: unknown = call('generateCustomerId', GENERATOR_FORM, generate);
    if (isCustomerId(customerId)) return customerId;
    // Nobody waits for what an asynchronous one answers; its failure would end the process.
    if (customerId instanceof Promise) customerId.catch(() => undefined);
    throw invalid('generateCustomerId', GENERATOR_FORM);
  };
}

const GENERATOR_FORM = `a function that answers ${CUSTOMER_ID_FORM}`;

/** @throws MalformedRequestError if the option of a method is no function: otherwise it would fail midway */
export function checkOnProgress(onProgress: unknown): void {
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new MalformedRequestError('`onProgress` must be a function.');
  }
}

function call<Result>(option: string, expected: string, callback: () => Result): Result {
  try {
    return callback();
  } catch (cause) {
    throw invalid(option, expected, { cause });
  }
}

function invalid(option: string, expected: string, options?: ErrorOptions): InvalidOptionsError {
  return new InvalidOptionsError([{ pointer: `/${option}`, rule: '', expected }], options);
}
