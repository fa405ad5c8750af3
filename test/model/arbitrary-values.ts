import type { ScalarValue, ValueType } from 'dossier';
import fc from 'fast-check';
import { anyCharacter } from '../any-character.js';

/** A value that a type accepts, and its stored form by the table of types (R3). Both survive JSON. */
export interface ValidValue {
  readonly sent: ScalarValue;
  readonly kept: ScalarValue;
}

const asSent = (kept: ScalarValue): ValidValue => ({ sent: kept, kept });

const MAX_LONG = 2n ** 63n - 1n;
const BEYOND_EXACT = 2n ** 53n;
const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');
const MS_PER_MINUTE = 60_000;

const currency = fc
  .record({
    scaled: fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 19n - 1n }), fc.bigInt({ min: 0n, max: 10n ** 6n })),
    decimals: fc.integer({ min: 0, max: 4 }),
    negative: fc.boolean(),
    zerosBefore: fc.integer({ min: 0, max: 3 }),
    zerosAfter: fc.integer({ min: 0, max: 3 }),
    asNumber: fc.boolean(),
  })
  .map(({ scaled, decimals, negative, zerosBefore, zerosAfter, asNumber }): ValidValue => {
    const digits = String(scaled).padStart(decimals + 1, '0');
    const whole = digits.slice(0, digits.length - decimals);
    const fraction = digits.slice(digits.length - decimals);
    const sign = negative ? '-' : '';
    const shortest = decimals === 0 ? whole : `${whole}.${fraction}`.replace(/\.?0{1,4}$/, '');
    const kept = shortest === '0' ? '0' : sign + shortest;
    if (asNumber && scaled < 10n ** 15n) return { sent: Number(kept), kept };
    const sent = `${sign}${'0'.repeat(zerosBefore)}${whole}.${fraction}${'0'.repeat(zerosAfter)}`;
    return { sent: sent.endsWith('.') ? sent.slice(0, -1) : sent, kept };
  });

const datetime = fc
  .record({
    ms: fc.oneof(
      fc.integer({ min: FIRST_MS, max: LAST_MS }),
      fc.constantFrom(FIRST_MS, LAST_MS, 0, -1, Date.parse('2024-02-29T23:59:59.999Z')),
    ),
    offset: fc.oneof(fc.constant(undefined), fc.integer({ min: -1_439, max: 1_439 })),
    decimals: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ ms, offset = 0, decimals }): ValidValue => {
    const wholeMs = ms - ((((ms % 1_000) + 1_000) % 1_000) % 10 ** (3 - decimals));
    const kept = new Date(wholeMs).toISOString();
    const local = new Date(wholeMs + offset * MS_PER_MINUTE).toISOString();
    // Local times with years of more than four digits cannot be represented.
    if (offset === 0 || !/^\d{4}-/.test(local)) return asSent(kept);
    const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
    const zone = `${offset < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
    const seconds = local.slice(0, 19) + (decimals === 0 ? '' : local.slice(19, 20 + decimals));
    return { sent: seconds + zone, kept };
  });

const VALID: Readonly<Record<Exclude<ValueType, 'string'>, fc.Arbitrary<ValidValue>>> = {
  boolean: fc.boolean().map(asSent),
  integer: fc.oneof(fc.integer(), fc.constantFrom(2 ** 31 - 1, -(2 ** 31), 0)).map(asSent),
  long: fc
    .oneof(
      fc.maxSafeInteger(),
      fc.constantFrom(Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER),
      fc.bigInt({ min: BEYOND_EXACT, max: MAX_LONG }).map(String),
      fc.bigInt({ min: -MAX_LONG - 1n, max: -BEYOND_EXACT }).map(String),
    )
    .map(asSent),
  double: fc
    .double({ noNaN: true, noDefaultInfinity: true })
    // −0 is stored as 0, and JSON writes no sign either.
    .map((sent) => ({ sent, kept: Object.is(sent, -0) ? 0 : sent })),
  currency,
  date: fc
    .date({ min: new Date(FIRST_MS), max: new Date(LAST_MS), noInvalidDate: true })
    .map((date) => asSent(date.toISOString().slice(0, 10))),
  datetime,
};

/** Values of a type, each with its stored form. */
export function validValue(type: ValueType, length = 256): fc.Arbitrary<ValidValue> {
  if (type !== 'string') return VALID[type];
  return fc
    .array(anyCharacter, { maxLength: Math.min(length, 40) })
    .map((points) => asSent(points.join('').replaceAll('\0', 'x')));
}

/** Values that a type refuses, without `null` and arrays, which have a meaning of their own (R4, R5). */
export function invalidValue(type: ValueType): fc.Arbitrary<unknown> {
  const notText = [5, true, {}, { a: 1 }, '\ud800', 'a\0', 'x'.repeat(257)];
  const notBoolean = ['true', '', 0, 1, {}];
  const notNumber: unknown[] = ['1', 'x', '', true, {}, { valueOf: 1 }];
  switch (type) {
    case 'string':
      return fc.constantFrom<unknown>(...notText);
    case 'boolean':
      return fc.constantFrom<unknown>(...notBoolean);
    case 'integer':
      return fc.constantFrom<unknown>(...notNumber, 1.5, 2 ** 31, -(2 ** 31) - 1);
    case 'long':
      return fc.constantFrom<unknown>(...notNumber, 1.5, 2 ** 53, '9223372036854775808', '9007199254740991');
    case 'double':
      return fc.constantFrom<unknown>(...notNumber);
    case 'currency':
      return fc.constantFrom<unknown>('x', '', true, {}, '1e2', '0.00001', 1e-5, '12345678901234567890', 0.1 + 0.2);
    case 'date':
      return fc.constantFrom<unknown>('2023-02-29', '0000-01-01', 20_240_101, '', {}, '2024-02-29T00:00:00Z');
    case 'datetime':
      return fc.constantFrom<unknown>('2024-02-29', '2016-12-31T23:59:60Z', '2024-02-29T24:00:00Z', 0, '', {});
  }
}
