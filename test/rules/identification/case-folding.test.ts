import { expect } from 'chai';
import fc from 'fast-check';
import { foldCase } from '../../../src/rules/identification/case-folding.js';
import { anyCharacter } from '../../any-character.js';

/** All code points except surrogates, of the planes that have characters. */
const CHARACTERS = Array.from({ length: 0x20000 }, (_, point) => point)
  .filter((point) => point < 0xd800 || point > 0xdfff)
  .map((point) => String.fromCodePoint(point));

const CASED = CHARACTERS.filter((character) =>
  /[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}\p{Cased}]/u.test(character),
);

const isStable = (character: string) => character.normalize('NFKC') === character;

/** The characters that equal this one in a regular expression: ECMA-262 prescribes simple case folding. */
function foldedAlike(character: string, among: string): string[] {
  const point = character.codePointAt(0) ?? 0;
  return among.match(new RegExp(`\\u{${point.toString(16)}}`, 'giu')) ?? [];
}

describe('case folding', () => {
  it('R18 equates exactly the characters that simple case folding equates, for every cased character', () => {
    const stable = CASED.filter(isStable);
    expect(stable.length).to.be.greaterThan(2_500);
    const text = stable.join('');
    const byFolding = new Map<string, string[]>();
    for (const character of stable) {
      byFolding.set(foldCase(character), [...(byFolding.get(foldCase(character)) ?? []), character]);
    }
    for (const character of stable) {
      expect(byFolding.get(foldCase(character)), character).to.deep.equal(foldedAlike(character, text));
    }
  });

  it('R18 folds the result of NFKC', () => {
    const unstable = CHARACTERS.filter((character) => !isStable(character));
    expect(unstable.length).to.be.greaterThan(4_000);
    for (const character of unstable) {
      expect(foldCase(character), character).to.equal(foldCase(character.normalize('NFKC')));
    }
  });

  it('R18 does not change uncased characters', () => {
    const cased = new Set(CASED);
    const uncased = CHARACTERS.filter((character) => isStable(character) && !cased.has(character));
    expect(uncased.filter((character) => foldCase(character) !== character)).to.deep.equal([]);
  });

  for (const [one, other] of [
    ['BRUCE', 'bruce'],
    ['Straße', 'STRAẞE'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['οδυσσευς', 'οδυσσευσ'],
    ['\u212Aelvin', 'kelvin'],
    ['\u212Bngström', 'Ångström'],
    ['ſtone', 'STONE'],
    ['ﬁnd', 'FIND'],
    ['Ａｂｃ１', 'abc1'],
    ['Ꭰꭰ', 'ꭰꭰ'],
    ['ᏸ', 'Ᏸ'],
    ['ᲐᲑ', 'აბ'],
    ['Ⴀ', 'ⴀ'],
    ['ᲀ', 'В'],
    ['µ', 'Μ'],
    ['Ǆ', 'ǆ'],
    ['ǅ', 'ǆ'],
    ['e\u0301', 'É'],
    ['𐐀', '𐐨'],
    ['ᾼ', 'ᾳ'],
    ['Ω', 'Ω'],
    ['ΐ', '\u1FD3'],
  ] as const) {
    it(`R18 equates ${JSON.stringify(one)} and ${JSON.stringify(other)}`, () => {
      expect(foldCase(one)).to.equal(foldCase(other));
    });
  }

  for (const [one, other] of [
    ['ß', 'ss'],
    ['I', 'ı'],
    ['i', 'İ'],
    ['İ', 'i\u0307'],
    ['İ', 'ı'],
    ['e', 'é'],
    ['a', 'а'],
    ['ﬃ', 'fi'],
    ['a ', 'a'],
    ['ი', 'Ⴈ'],
    ['ŉ', 'n'],
  ] as const) {
    it(`R18 distinguishes ${JSON.stringify(one)} from ${JSON.stringify(other)}`, () => {
      expect(foldCase(one)).not.to.equal(foldCase(other));
    });
  }

  it('R18 folds each character independently of its position and of earlier calls', () => {
    const character = fc.oneof(fc.constantFrom(...CASED.filter(isStable)), anyCharacter);
    fc.assert(
      fc.property(fc.array(character), (characters) => {
        const text = characters.join('').normalize('NFKC');
        expect(foldCase(text)).to.equal(Array.from(text, foldCase).join(''));
      }),
    );
  });

  it('R18 takes linear time, whatever marks the text has', () => {
    const begin = performance.now();
    for (const marks of ['\u0301\u0323'.repeat(32_767), '\u0301'.repeat(32_767) + '\u0323'.repeat(32_767)]) {
      const text = `a${marks}`;
      expect(foldCase(text))
        .to.equal(foldCase(`A${marks}`))
        .and.not.to.equal(foldCase(`${text}\u0301`));
    }
    expect(performance.now() - begin).to.be.lessThan(1_500);
  });

  it('R18 sorts as many marks as any real text has', () => {
    const [one, other] = ['\u0301'.repeat(200), '\u0323'.repeat(200)];
    expect(foldCase(`A${one}${other}`)).to.equal(foldCase(`a${other}${one}`));
  });

  it('R18 keeps text well-formed', () => {
    fc.assert(
      fc.property(fc.array(anyCharacter), (characters) => {
        const text = characters.join('');
        expect(foldCase(text).isWellFormed()).to.equal(true);
      }),
    );
  });
});
