import { describeValues } from './value-table.js';

describe('rules/values/boolean', () => {
  describeValues({
    type: 'boolean',
    keeps: [[true], [false]],
    refuses: ['true', 'false', 'TRUE', 'yes', '', 0, 1, -0],
  });
});
