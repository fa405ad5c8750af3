import { expect } from 'chai';
import { faultsOfValue } from '../check.js';

/** Each takes an engine that backtracks time that grows exponentially, or with a high power, with the text. */
const HOSTILE: readonly (readonly [pattern: string, text: string])[] = [
  ['(a+)+b', 'a'.repeat(60_000)],
  ['(a|a)*b', 'a'.repeat(60_000)],
  ['(a|aa)+b', 'a'.repeat(60_000)],
  ['(.*a){20}b', 'a'.repeat(60_000)],
  ['([a-zA-Z0-9]+\\s?)*!', 'word '.repeat(12_000)],
  ['(?:\\w+\\.)*\\w+@(?:\\w+\\.)+\\w+', 'a.'.repeat(30_000)],
  ['a*a*a*a*a*a*a*a*b', 'a'.repeat(60_000)],
];

describe('rules/constraints: patterns', () => {
  for (const [pattern, text] of HOSTILE) {
    it(`R24 ${pattern} is matched in linear time`, function () {
      // An engine that backtracks would outlive any limit; this one takes some 10 ms.
      this.timeout(20_000);
      expect(faultsOfValue({ pattern, length: 65_535 }, text)).to.deep.equal(['R24 ']);
    });
  }
});
