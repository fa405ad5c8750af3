import { expect } from 'chai';
import { isEmail as isEmailOfClassValidator } from 'class-validator';
import fc from 'fast-check';
import type { Format } from '../../../src/model/schema.js';
import { isEmail } from '../../../src/rules/formats/email.js';
import { propertyRuns } from '../../property-runs.js';
import { faultsOfValue } from '../check.js';

interface Row {
  readonly accepts: readonly string[];
  readonly refuses: readonly string[];
}

const FORMATS: Readonly<Record<Format, Row>> = {
  email: {
    accepts: [
      'bruce@example.com',
      'Bruce.Banner+hulk@mail.example.co.uk',
      "o'hara@example.org",
      'a@xn--bcher-kva.example',
    ],
    refuses: [
      '',
      'bruce',
      'bruce@',
      '@example.com',
      'a@b',
      'a b@example.com',
      'a@example.com\n',
      'a@@example.com',
    ].concat(['bücher@example.com', 'a@bücher.example', 'Bruce <bruce@example.com>', 'a..b@example.com', 'a@1.2.3.4']),
  },
  uri: {
    accepts: [
      'https://example.com/a?b=c#d',
      'mailto:a@example.com',
      'urn:isbn:0451450523',
      'tel:+1-816-555-1212',
    ].concat([
      'http://[2001:db8::7]:80/',
      'http://[v1.x]/',
      'ftp://u:p@h:21/%41',
      'x:',
      'file:///etc/hosts',
      'http://a/b//c',
    ]),
    refuses: [
      '',
      'example.com',
      '/a/b',
      '//example.com',
      '?a',
      '#a',
      'http://a b',
      'http://a/%4',
      'http://a/\u00e9',
    ].concat([
      '1a:b',
      'http://[::g]',
      'http://[1.2.3.4]',
      'http://a:b',
      'http://a#b#c',
      'http://a\\b',
      'http://<a>',
      ' http://a',
    ]),
  },
  uuid: {
    accepts: ['123e4567-e89b-12d3-a456-426614174000', '018F4B9C-7C1D-7B2E-8A3F-0123456789AB'].concat([
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
    ]),
    refuses: [
      '',
      '123e4567e89b12d3a456426614174000',
      '{123e4567-e89b-12d3-a456-426614174000}',
      'g23e4567-e89b-12d3-a456-426614174000',
    ],
  },
  phone: {
    accepts: ['+12', '+4930123456', '+123456789012345'],
    refuses: ['', '+', '+1', '+0123', '4930123456', '+1234567890123456', '+49 30', '+١٢٣', '+12\n'],
  },
  language: {
    accepts: [
      'de',
      'en-US',
      'zh-Hant-TW',
      'sl-rozaj-biske',
      'de-CH-1901',
      'es-419',
      'en-u-ca-gregory-x-a',
      'x-private',
    ].concat(['i-klingon', 'zh-min-nan', 'sgn-BE-FR', 'MN-cyrl-mn', 'zh-cmn-Hans-CN']),
    refuses: [
      '',
      'e',
      'en_US',
      'en-',
      '-en',
      'en--US',
      'abcdefghi',
      'de-419-DE',
      'a-DE',
      'de-x',
      'en-a',
      'i-none',
      'd\u00e9',
    ],
  },
  country: {
    accepts: ['DE', 'US', 'GB'],
    refuses: ['', 'de', 'D', 'DEU', 'UK', 'XX', ' DE', '276'],
  },
  'currency-code': { accepts: ['EUR', 'USD', 'XCG', 'XXX'], refuses: ['', 'eur', 'EU', 'ABC', 'EURO', '978'] },
  timezone: {
    accepts: ['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires', 'Asia/Calcutta', 'Asia/Kolkata', 'Etc/GMT+5'],
    refuses: ['', 'europe/berlin', 'Berlin', 'CEST', '+01:00', 'Factory', 'Europe/Berlin '],
  },
};

const addressLike = fc
  .array(fc.constantFrom('a', 'B', '7', '.', '-', '_', '+', '@', 'xn--', 'com', "o'", 'x'.repeat(60), ' ', '"', 'ä'), {
    maxLength: 9,
  })
  .map((parts) => parts.join(''));

describe('rules/formats', () => {
  it('R24 email is what class-validator takes for one, of ASCII characters and without quotes', () => {
    const addresses = fc.oneof(
      fc.emailAddress(),
      addressLike,
      addressLike.map((text) => `a@${text}.com`),
    );
    let accepted = 0;
    fc.assert(
      fc.property(addresses, (text) => {
        const expected = isEmailOfClassValidator(text) && /^[!#-~]+$/.test(text);
        expect(isEmail(text), text).to.equal(expected);
        if (expected) accepted += 1;
      }),
      { numRuns: propertyRuns({ full: 20_000, quick: 1_000 }) },
    );
    expect(accepted).to.be.above(100);
  });

  for (const [format, { accepts, refuses }] of Object.entries(FORMATS) as [Format, Row][]) {
    it(`R24 ${format}`, () => {
      for (const text of accepts) expect(faultsOfValue({ format }, text), text).to.deep.equal([]);
      for (const text of refuses) expect(faultsOfValue({ format }, text), text).to.deep.equal(['R24 ']);
    });

    it(`R24 ${format} takes linear time on long texts`, () => {
      const long = [...accepts, ...refuses, 'a', '-', '.', '/', ':', '@', '%41', 'a-', '-1a2b', 'a.', '1.'].flatMap(
        (text) => [
          text.repeat(Math.ceil(30_000 / (text.length || 1))),
          `${accepts[0]}${text.repeat(Math.ceil(30_000 / (text.length || 1)))}!`,
        ],
      );
      for (const text of long) faultsOfValue({ format, length: 65_535 }, text);
    });
  }
});
