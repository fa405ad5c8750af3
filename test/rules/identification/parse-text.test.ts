import { expect } from 'chai';
import type { ValueType } from '../../../src/model/schema.js';
import { parseText } from '../../../src/rules/identification/parse-text.js';
import { valueCheck } from '../../../src/rules/values/index.js';

const REFUSED = undefined;

/** The value of a text, as the check of the type returns it. */
const ACCEPTED: Readonly<Record<ValueType, Readonly<Record<string, unknown>>>> = {
  string: { '': '', ' a ': ' a ', true: 'true', 42: '42', null: 'null', '"a"': '"a"', '\u0000': REFUSED },
  boolean: { true: true, false: false, TRUE: REFUSED, 1: REFUSED, yes: REFUSED, '': REFUSED, ' true': REFUSED },
  integer: {
    0: 0,
    42: 42,
    '-42': -42,
    '-0': 0,
    '1e3': 1000,
    '1.0': 1,
    2147483647: 2147483647,
    2147483648: REFUSED,
    '-2147483648': -2147483648,
    1.5: REFUSED,
    '': REFUSED,
    ' 1': REFUSED,
    '1\n': REFUSED,
    '+1': REFUSED,
    '042': REFUSED,
    '0x10': REFUSED,
    '.5': REFUSED,
    '1.': REFUSED,
    '1_000': REFUSED,
    NaN: REFUSED,
    null: REFUSED,
    '１': REFUSED,
  },
  long: {
    42: 42,
    '-0': 0,
    9007199254740991: 9007199254740991,
    '-9007199254740991': -9007199254740991,
    '9007199254740992': '9007199254740992',
    '9007199254740993': '9007199254740993',
    '9223372036854775807': '9223372036854775807',
    '-9223372036854775808': '-9223372036854775808',
    '9223372036854775808': REFUSED,
    '-9223372036854775809': REFUSED,
    '09007199254740993': REFUSED,
    '+9007199254740993': REFUSED,
    '9007199254740993.0': REFUSED,
    '1e19': REFUSED,
    '': REFUSED,
    x: REFUSED,
  },
  double: {
    42: 42,
    '-1.5e-3': -0.0015,
    '-0': 0,
    '1e400': REFUSED,
    Infinity: REFUSED,
    NaN: REFUSED,
    '': REFUSED,
    '1,5': REFUSED,
  },
  currency: {
    5: '5',
    '5.00': '5',
    '-0.00': '0',
    '007': '7',
    '922337203685477.5807': '922337203685477.5807',
    '0.00001': REFUSED,
    '1e3': REFUSED,
    '5 EUR': REFUSED,
    '': REFUSED,
  },
  date: { '1962-05-10': '1962-05-10', '1962-5-10': REFUSED, '1962-02-30': REFUSED, '': REFUSED },
  datetime: {
    '2024-02-29T13:30:00+01:00': '2024-02-29T12:30:00.000Z',
    '2024-02-29T12:30:00.5Z': '2024-02-29T12:30:00.500Z',
    '2024-02-29T13:30:00 01:00': REFUSED,
    '2024-02-29': REFUSED,
  },
};

describe('parseText', () => {
  for (const [type, cases] of Object.entries(ACCEPTED)) {
    it(`W6 ${type}: parses text by the type, and refuses text that is no value of it`, () => {
      for (const [text, value] of Object.entries(cases)) {
        expect(valueCheck(type as ValueType).accept(parseText(type as ValueType, text)), text).to.equal(value);
      }
    });
  }

  it('W6 decides a number of any length in constant time', () => {
    const long = '9'.repeat(60_000);
    for (const text of [long, `0.${long}`, `1e${long}`, `${long}x`]) {
      for (const type of ['integer', 'long', 'double', 'currency'] as const) {
        expect(valueCheck(type).accept(parseText(type, text)), type).to.equal(REFUSED);
      }
    }
  });
});
