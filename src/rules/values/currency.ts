import type { ValueCheck } from './value-check.js';

const MAX_DIGITS = 19;
const MAX_FRACTION_DIGITS = 4;
const MAX_NUMBER_DIGITS = 15;

const DECIMAL = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;
const NUMBER = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:e([+-][0-9]+))?$/;

/**
 * A decimal string, or a JSON number of at most 15 significant digits, which is what a double preserves. At most 19
 * digits, 4 of them fractional. Stored as a decimal string without superfluous zeros, which do not count as digits.
 */
export const currencyCheck: ValueCheck = {
  expected: `a decimal string of at most ${MAX_DIGITS} digits, ${MAX_FRACTION_DIGITS} of them fractional, or a number of at most ${MAX_NUMBER_DIGITS} significant digits`,
  accept: (value) => {
    if (typeof value === 'string') return fromString(value);
    return typeof value === 'number' && Number.isFinite(value) ? fromNumber(value) : undefined;
  },
};

function fromString(value: string): string | undefined {
  const match = DECIMAL.exec(value);
  return match ? canonical(match[1] === '-', match[2] ?? '', match[3] ?? '') : undefined;
}

/** Converts the shortest decimal that identifies the double: the one that JSON has. */
function fromNumber(value: number): string | undefined {
  const [, sign, whole = '', fraction = '', exponent] = NUMBER.exec(String(value)) ?? [];
  const digits = whole + fraction;
  if (withoutZerosAtEnd(digits.replace(/^0+/, '')).length > MAX_NUMBER_DIGITS) return undefined;
  // A double is below 1e309, so padding by the exponent stays short.
  const point = whole.length + Number(exponent ?? 0);
  const padded = digits.padStart(digits.length + Math.max(0, -point), '0');
  const shifted = padded.slice(0, Math.max(0, point)).padEnd(Math.max(0, point), '0');
  return canonical(sign === '-', shifted, padded.slice(Math.max(0, point)));
}

function canonical(negative: boolean, whole: string, fraction: string): string | undefined {
  const units = whole.replace(/^0+/, '');
  const decimals = withoutZerosAtEnd(fraction);
  if (decimals.length > MAX_FRACTION_DIGITS || units.length + decimals.length > MAX_DIGITS) return undefined;
  if (units === '' && decimals === '') return '0';
  return `${negative ? '-' : ''}${units || '0'}${decimals && `.${decimals}`}`;
}

/** A loop rather than `/0+$/`, which takes quadratic time on a hostile text of zeros. */
function withoutZerosAtEnd(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
