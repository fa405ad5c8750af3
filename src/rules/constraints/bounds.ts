import type { ScalarValue } from '../../model/profile.js';
import type { ValueType } from '../../model/schema.js';
import type { ValueConstraint } from './value-constraint.js';

/** Negative if the first value is less than the second, positive if it is greater, 0 if they are equal. */
type Compare = (one: ScalarValue, other: ScalarValue) => number;

/** How the values of a type compare, as stored. Types that are not here have no order. */
const COMPARE: Readonly<Partial<Record<ValueType, Compare>>> = {
  integer: compareStored,
  long: compareLongs,
  double: compareStored,
  currency: (one, other) => compareDecimals(one as string, other as string),
  // Years have four digits and offsets are gone, so the order of the text is that of time.
  date: compareStored,
  datetime: compareStored,
};

/** The inclusive lower bound of a type that has an order. */
export function minimum(type: ValueType, bound: ScalarValue): ValueConstraint {
  const compare = COMPARE[type] ?? compareStored;
  return { expected: `at least ${bound} (\`minimum\`)`, allows: (value) => compare(value, bound) >= 0 };
}

/** The inclusive upper bound of a type that has an order. */
export function maximum(type: ValueType, bound: ScalarValue): ValueConstraint {
  const compare = COMPARE[type] ?? compareStored;
  return { expected: `at most ${bound} (\`maximum\`)`, allows: (value) => compare(value, bound) <= 0 };
}

function compareStored(one: ScalarValue, other: ScalarValue): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** A `long` is a number where that is exact, otherwise a string of digits. JavaScript compares both kinds exactly. */
function compareLongs(one: ScalarValue, other: ScalarValue): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  const [first, second] = [BigInt(one), BigInt(other)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** Compares decimals as a `currency` is stored: without exponent and superfluous zeros. */
function compareDecimals(one: string, other: string): number {
  const isNegative = one.startsWith('-');
  if (isNegative !== other.startsWith('-')) return isNegative ? -1 : 1;
  return isNegative ? compareMagnitudes(other.slice(1), one.slice(1)) : compareMagnitudes(one, other);
}

/** With equally many digits before the point, decimals have the order of their text. */
function compareMagnitudes(one: string, other: string): number {
  return wholeDigits(one) - wholeDigits(other) || compareStored(one, other);
}

function wholeDigits(decimal: string): number {
  const point = decimal.indexOf('.');
  return point === -1 ? decimal.length : point;
}
