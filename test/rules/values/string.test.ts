import { describeValues } from './value-table.js';

const ASTRAL = '\u{1F600}';

describe('rules/values/string', () => {
  describeValues({
    type: 'string',
    keeps: [
      [''],
      [' '],
      ['  not trimmed\t\r\n'],
      ['true'],
      ['1'],
      ['null'],
      ['\u0001\u001f\u007f\u0085\u2028\u2029\ufeff\ufffe\uffff'],
      ['\u0065\u0301 and \u00e9 are not made equal'],
      ['\u212a is not made K, nor \ufb01 fi'],
      [ASTRAL],
      ['\u{10FFFF}'],
      ['x'.repeat(256)],
      [ASTRAL.repeat(256)],
      [`${ASTRAL.repeat(255)}x`],
    ],
    refuses: [
      true,
      0,
      1,
      'x'.repeat(257),
      ASTRAL.repeat(257),
      `${ASTRAL.repeat(256)}x`,
      `x${ASTRAL.repeat(256)}`,
      'x'.repeat(513),
      '\u0000',
      'a\u0000b',
      '\ud83d',
      '\ude00',
      'a\ud83db',
      '\ude00\ud83d',
      `${ASTRAL}\ud83d`,
    ],
  });
  describeValues({
    type: 'string',
    length: 1,
    keeps: [[''], ['x'], [ASTRAL]],
    refuses: ['xx', `${ASTRAL}x`, ASTRAL.repeat(2), 'e\u0301', '\ud83d'],
  });
  describeValues({
    type: 'string',
    length: 65_535,
    keeps: [['x'.repeat(65_535)], [ASTRAL.repeat(65_535)]],
    refuses: ['x'.repeat(65_536), ASTRAL.repeat(65_536), `${ASTRAL.repeat(65_535)}x`],
  });
});
