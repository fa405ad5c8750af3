import type { ScalarValue } from '../../model/profile.js';
import type { ValueType } from '../../model/schema.js';
import { booleanCheck } from './boolean.js';
import { currencyCheck } from './currency.js';
import { dateCheck } from './date.js';
import { datetimeCheck } from './datetime.js';
import { doubleCheck } from './double.js';
import { integerCheck } from './integer.js';
import { longCheck } from './long.js';
import { DEFAULT_STRING_LENGTH, stringCheck } from './string.js';
import type { ValueCheck } from './value-check.js';

const CHECKS: Readonly<Record<Exclude<ValueType, 'string'>, ValueCheck>> = {
  boolean: booleanCheck,
  integer: integerCheck,
  long: longCheck,
  double: doubleCheck,
  currency: currencyCheck,
  date: dateCheck,
  datetime: datetimeCheck,
};

/** The check of one value of a type. `length` applies to strings only. */
export function valueCheck(type: ValueType, length: number = DEFAULT_STRING_LENGTH): ValueCheck {
  return type === 'string' ? stringCheck(length) : CHECKS[type];
}

export { DEFAULT_STRING_LENGTH, MAX_STRING_LENGTH } from './string.js';
export type { ValueCheck } from './value-check.js';

/** Accepts the values of a type. Stored strings have been checked, but for their length. */
export function typeCheck(type: ValueType): ValueCheck['accept'] {
  return type === 'string' ? acceptString : CHECKS[type].accept;
}

function acceptString(value: unknown): ScalarValue | undefined {
  return typeof value === 'string' ? value : undefined;
}
