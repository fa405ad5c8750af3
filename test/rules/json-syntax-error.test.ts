import { expect } from 'chai';
import fc from 'fast-check';
import { jsonSyntaxErrorAt } from '../../src/rules/json-syntax-error.js';

const at = (text: string) => {
  const { line, column } = jsonSyntaxErrorAt(text);
  return `${line}:${column}`;
};

describe('jsonSyntaxErrorAt', () => {
  const cases: readonly (readonly [text: string, position: string])[] = [
    ['', '1:1'],
    ['hello', '1:1'],
    ['{', '1:2'],
    ['{a: 1}', '1:2'],
    ['{\n  "a": 1,\n}', '3:1'],
    ['[1,\n 2,\n]', '3:1'],
    ['{"a" 1}', '1:6'],
    ['{"a": 1 "b": 2}', '1:9'],
    ['[1 2]', '1:4'],
    ['{"a": 01}', '1:7'],
    ['[1.]', '1:2'],
    ['[tru]', '1:2'],
    ['["a\nb"]', '1:4'],
    ['["\\x"]', '1:3'],
    ['["a', '1:4'],
    ['{"a": 1}}', '1:9'],
    ['{"a": [1}', '1:9'],
    ['\u00a0{}', '1:1'],
    ["{'a': 1}", '1:2'],
  ];
  for (const [text, position] of cases) {
    it(`${JSON.stringify(text)}: ${position}`, () => expect(at(text)).to.equal(position));
  }

  it('is the end of valid JSON, and never after a character that was deleted or inserted', () => {
    const documents = fc.json({ maxDepth: 4 });
    fc.assert(
      fc.property(
        documents,
        fc.nat(),
        fc.constantFrom('', '}', ']', ',', ':', '"', 'x', '{', ' '),
        (text, seed, inserted) => {
          expect(at(text)).to.equal(`1:${text.length + 1}`);
          const cut = seed % (text.length + 1);
          const broken = text.slice(0, cut) + inserted + text.slice(inserted === '' ? cut + 1 : cut);
          try {
            JSON.parse(broken);
          } catch {
            const { column } = jsonSyntaxErrorAt(broken);
            expect(column - 1).to.be.at.most(broken.length);
            // What comes before is the beginning of some JSON text: cut there, only the end is wrong.
            const before = broken.slice(0, column - 1);
            expect(jsonSyntaxErrorAt(before).column).to.equal(before.length + 1);
          }
        },
      ),
    );
  });

  it('takes a string of 10 MiB and 1,000,000 levels', () => {
    expect(at(`["${'x'.repeat(10 * 2 ** 20)}"`)).to.equal(`1:${10 * 2 ** 20 + 4}`);
    expect(at('['.repeat(1_000_000))).to.equal('1:1000001');
  });
});
