import { expect } from 'chai';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { compilePattern } from '../../src/definitions/pattern.js';
import { writtenOut } from '../../src/definitions/pattern-size.js';
import { propertyRuns } from '../property-runs.js';

const token = fc.constantFrom(
  ...[
    'a',
    'b',
    'é',
    '.',
    '|',
    '(',
    '(?:',
    '(?i:',
    '(?P<n>',
    '(?<n>',
    ')',
    '(?i)',
    '*',
    '+',
    '?',
    '{2}',
    '{3,}',
    '{1,9}',
    '{,2}',
    '{',
  ],
  ...[
    '[',
    ']',
    '[a-z]',
    '[^]a]',
    '[]]',
    '[(]',
    '[{2}',
    '[\\]x]',
    '[[:alpha:]]',
    '\\p{L}',
    '\\pL',
    '\\x{41}',
    '\\(',
    '\\[',
    '\\{2}',
  ],
  ...['\\Q', '\\E', '\\Q(a)\\E', '\\d', '^', '$'],
);

describe('definitions: the size of a pattern', () => {
  it('R24 is that of the pattern with its repetitions written out', () => {
    const sizes: readonly (readonly [pattern: string, size: number])[] = [
      ['', 0],
      ['abc', 3],
      ['(ab){3}', 6],
      ['a{3}', 3],
      ['a{2,5}b', 6],
      ['a{3,}', 3],
      ['(?:(a{2}b){3}c){4}', 40],
      ['[a-z]{10}\\d{10}', 20],
      ['[]{9}]', 1],
      ['[[:alpha:]{9}]', 1],
      ['\\{9}', 3],
      ['a{2}(?i){3}', 6],
      ['(ab*)*', 4],
      ['\\p{Lu}{9}', 9],
    ];
    for (const [pattern, size] of sizes) expect(writtenOut(pattern), pattern).to.equal(size);
  });

  it('R24 is never far below what the pattern compiles to', () => {
    const numRuns = propertyRuns({ full: 20_000, quick: 500 });
    let compiled = 0;
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
        const pattern = tokens.join('');
        fc.pre(typeof compilePattern(pattern) === 'function');
        expect(RE2JS.compile(pattern).programSize(), pattern).to.be.at.most(4 * writtenOut(pattern) + 10);
        compiled += 1;
      }),
      { numRuns, maxSkipsPerRun: 1_000 },
    );
    expect(compiled).to.be.at.least(numRuns);
  });

  it('R24 keeps from compiling what would take seconds', () => {
    for (const pattern of [
      `(${'a'.repeat(990)}){1000}`,
      `(?:${'\\p{L}'.repeat(190)}){1000}`,
      `((?:${'a?'.repeat(400)}){31}){31}`,
    ]) {
      expect(writtenOut(pattern)).to.be.above(100_000);
      expect(compilePattern(pattern)).to.match(/^a shorter pattern/);
    }
  });
});
