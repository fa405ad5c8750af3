import type { Format } from '../../model/schema.js';
import type { TextTest, TextTests } from './text-tests.js';
import type { ValueConstraint } from './value-constraint.js';

/** The most code points of a `pattern`. */
export const MAX_PATTERN = 1_000;

/** Up to so many characters, a violation shows the pattern. */
const MAX_SHOWN = 100;

/** At least so many code points. */
export function minLength(least: number): ValueConstraint {
  return {
    expected: `at least ${least} code points (\`minLength\`)`,
    allows: (value) => hasAtLeast(value as string, least),
  };
}

/** A code point is one or two UTF-16 code units, so most texts need no counting. */
function hasAtLeast(text: string, least: number): boolean {
  if (text.length < least) return false;
  if (text.length >= 2 * least) return true;
  let count = 0;
  for (const _ of text) count += 1;
  return count >= least;
}

/** The whole text matches. Compiled for the first value: a tenant's schema may have many patterns, and a value few. */
export function pattern(source: string, { pattern: compile }: TextTests): ValueConstraint {
  const shown = source.length <= MAX_SHOWN ? ` ${source}` : '';
  let test: TextTest | undefined;
  return {
    expected: `text that matches the pattern${shown} (\`pattern\`)`,
    allows: (value) => {
      test ??= compiled(compile?.(source));
      return test(value as string);
    },
  };
}

function compiled(test: TextTest | string | undefined): TextTest {
  // The definition was checked when it was stored, and by the same syntax.
  if (typeof test !== 'function') throw new Error('A pattern of the stored schema does not compile.');
  return test;
}

const EXPECTED: Readonly<Record<Format, string>> = {
  email: 'an e-mail address',
  uri: 'an absolute URI',
  uuid: 'a UUID',
  phone: 'a telephone number as + and 2 to 15 digits',
  language: 'a BCP 47 language tag',
  country: 'an ISO 3166-1 alpha-2 country code in upper case',
  'currency-code': 'an ISO 4217 currency code in upper case',
  timezone: 'the name of a time zone in the IANA database',
};

/** The text has a format. */
export function format(name: Format, { formats }: TextTests): ValueConstraint {
  const test = formats?.[name];
  if (test === undefined) throw new Error(`The test of the format ${name} is not loaded.`);
  return { expected: `${EXPECTED[name]} (\`format\`)`, allows: (value) => test(value as string) };
}
