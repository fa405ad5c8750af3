import { expect } from 'chai';
import fc from 'fast-check';
import { ecmaScriptPattern } from '../../../adapters/http/openapi/ecmascript-pattern.js';
import { compilePattern } from '../../../src/definitions/pattern.js';
import { propertyRuns } from '../../property-runs.js';

const token = fc.constantFrom(
  ...[
    'a',
    'b',
    'Z',
    '0',
    ' ',
    '-',
    '/',
    'ä',
    '😀',
    '\n',
    '&',
    '^',
    '$',
    '.',
    '|',
    '(',
    '(?:',
    ')',
    '(?i)',
    '(?P<n>',
    '(?<n>',
  ],
  ...[
    '*',
    '+',
    '?',
    '*?',
    '{2}',
    '{1,2}',
    '{1,}',
    '{,2}',
    '{',
    '}',
    ']',
    '[',
    '[^',
    '[ab]',
    '[^a]',
    '[a-c]',
    '[a-]',
    '[-a]',
  ],
  ...[
    '[\\d-]',
    '[a&&b]',
    '[[:alpha:]]',
    '[a^]',
    '[ -~]',
    '[\\]a]',
    '\\d',
    '\\w',
    '\\W',
    '\\s',
    '\\S',
    '\\b',
    '\\.',
    '\\-',
  ],
  ...[
    '\\/',
    '\\n',
    '\\x41',
    '\\x{41}',
    '\\pL',
    '\\p{L}',
    '\\P{Lu}',
    '\\p{Greek}',
    '\\Q',
    '\\E',
    '\\A',
    '\\z',
    '\\C',
    '\\a',
    '\\_',
  ],
);
const patterns = fc.array(token, { maxLength: 6 }).map((tokens) => tokens.join(''));
const texts = fc.array(
  fc.constantFrom(
    'a',
    'b',
    'A',
    'Z',
    '0',
    ' ',
    '-',
    'ä',
    'ß',
    '😀',
    '\n',
    '\r',
    '\u2028',
    '.',
    '^',
    'n',
    '_',
    '&',
    '~',
  ),
  {
    maxLength: 4,
  },
);

describe('HTTP: patterns in the JSON Schema', () => {
  it('R25 are anchored', () => {
    expect(ecmaScriptPattern('a|bc')).to.equal('^(?:a|bc)$');
    for (const pattern of [
      '',
      '[0-9]{5}(-[0-9]{4})?',
      '\\+[1-9]\\d{1,14}',
      "[\\p{L} '-]+",
      '^[A-Z]{2}$',
      '(?:a+?)*',
      '[ -~]',
    ]) {
      expect(ecmaScriptPattern(pattern), pattern).to.equal(`^(?:${pattern})$`);
    }
  });

  it('R25 are left out where ECMAScript reads something else, or nothing', () => {
    const others = [
      '.',
      'a.b',
      '\\s',
      '\\pL',
      '\\p{Greek}',
      '(?i)a',
      '(?P<n>a)',
      '\\Qa\\E',
      '[[:digit:]]',
      '\\x{41}',
      '\\z',
      ']',
      'a{,2}',
    ];
    for (const pattern of others) expect(ecmaScriptPattern(pattern), pattern).to.equal(undefined);
  });

  it('R25 match what RE2 matches, whatever the pattern', () => {
    let compared = 0;
    const property = fc.property(patterns, fc.array(texts, { minLength: 8, maxLength: 8 }), (pattern, all) => {
      const re2 = compilePattern(pattern);
      const anchored = ecmaScriptPattern(pattern);
      fc.pre(typeof re2 === 'function' && anchored !== undefined);
      const ecmaScript = new RegExp(anchored, 'u');
      for (const text of all.map((parts) => parts.join(''))) {
        expect(ecmaScript.test(text), `${pattern} on ${JSON.stringify(text)}`).to.equal(re2(text));
        compared += 1;
      }
    });
    fc.assert(property, { numRuns: propertyRuns({ full: 20_000, quick: 2_000 }), maxSkipsPerRun: 200 });
    expect(compared).to.be.above(1_000);
  });
});
