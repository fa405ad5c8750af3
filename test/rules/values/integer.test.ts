import { describeValues } from './value-table.js';

describe('rules/values/integer', () => {
  describeValues({
    type: 'integer',
    keeps: [
      [0],
      [-0, 0],
      [1],
      [-1],
      [JSON.parse('1.0'), 1],
      [JSON.parse('1e0'), 1],
      [JSON.parse('-0.0'), 0],
      [JSON.parse('2147483647.0'), 2_147_483_647],
      [2_147_483_647],
      [-2_147_483_648],
    ],
    refuses: [
      2_147_483_648,
      -2_147_483_649,
      4_294_967_296,
      Number.MAX_SAFE_INTEGER,
      1e21,
      1e308,
      0.5,
      -0.5,
      1.000_000_1,
      Number.MIN_VALUE,
      '1',
      '0',
      '',
      ' ',
      '0x1',
      true,
      false,
    ],
  });
});
