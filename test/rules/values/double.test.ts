import { describeValues } from './value-table.js';

describe('rules/values/double', () => {
  describeValues({
    type: 'double',
    keeps: [
      [0],
      [-0, 0],
      [JSON.parse('-0.0'), 0],
      [0.1],
      [-0.1],
      [0.1 + 0.2],
      [1e21],
      [1e-7],
      [Number.MAX_VALUE],
      [-Number.MAX_VALUE],
      [Number.MIN_VALUE],
      [-Number.MIN_VALUE],
      [9_007_199_254_740_992],
      [JSON.parse('9007199254740993'), 9_007_199_254_740_992],
    ],
    refuses: [JSON.parse('1e400'), JSON.parse('-1e400'), '0', '0.1', 'NaN', 'Infinity', '', true, false],
  });
});
