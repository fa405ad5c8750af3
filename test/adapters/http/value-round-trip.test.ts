import { expect } from 'chai';
import type { ValueType } from 'dossier';
import fc from 'fast-check';
import { anyCharacter } from '../../any-character.js';
import { propertyRuns } from '../../property-runs.js';
import { type ApiHarness, createApiHarness } from './api-harness.js';
import { STORAGES } from './storages.js';

const PATH = '/profiles/x';

/** The JSON that is sent and the JSON that is returned, or one JSON if both are the same. */
type Sample = readonly [sent: string, kept?: string];

const SAMPLES: Readonly<Record<ValueType, readonly Sample[]>> = {
  string: [
    ['""'],
    ['" "'],
    ['"  kept as sent\\t\\r\\n"'],
    ['"null"'],
    ['"e\\u0301 is not \\u00e9"', '"e\u0301 is not \u00e9"'],
    ['"\\ud83d\\ude00"', '"\u{1F600}"'],
    ['"\\u0001\\u007f\\u2028\\ufeff\\uffff"', '"\\u0001\u007f\u2028\ufeff\uffff"'],
    [`"'; drop table profiles; --"`],
    [`"${'\u{1F600}'.repeat(256)}"`],
  ],
  boolean: [['true'], ['false']],
  integer: [['0'], ['-0', '0'], ['2147483647'], ['-2147483648'], ['1e3', '1000'], ['1.0', '1']],
  long: [
    ['9007199254740991'],
    ['-9007199254740991'],
    ['"9007199254740992"'],
    ['"9223372036854775807"'],
    ['"-9223372036854775808"'],
  ],
  double: [['0.1'], ['-0.0', '0'], ['1.7976931348623157e+308'], ['5e-324'], ['9007199254740993', '9007199254740992']],
  currency: [
    ['"0"'],
    ['"-0.00"', '"0"'],
    ['"007.10"', '"7.1"'],
    ['"123456789012345.6789"'],
    ['1e2', '"100"'],
    ['-0.0001', '"-0.0001"'],
    ['99999999999.9999', '"99999999999.9999"'],
  ],
  date: [['"0001-01-01"'], ['"9999-12-31"'], ['"2024-02-29"']],
  datetime: [
    ['"2024-02-29T23:59:59Z"', '"2024-02-29T23:59:59.000Z"'],
    ['"2024-01-01T00:30:00.5+01:00"', '"2023-12-31T23:30:00.500Z"'],
    ['"0001-01-01T00:00:00.000Z"'],
    ['"9999-12-31T23:59:59.999Z"'],
  ],
};

for (const storage of STORAGES) {
  describe(`HTTP on ${storage.name}: returns every valid value in the form of the type table (R3)`, () => {
    let harness: ApiHarness;
    let close: () => Promise<void>;

    before(async () => {
      const opened = await storage.open();
      close = opened.close;
      harness = createApiHarness({ repository: opened.repository });
      const single = Object.keys(SAMPLES).map((type) => ({ name: `One_${type}`, type: type as ValueType }));
      const many = single.map(({ type }) => ({ name: `Many_${type}`, type, multiValued: true }));
      const records = { name: 'Record', type: 'single-valued', attributes: single } as const;
      await harness.schemas.define('1', { attributes: [...single, ...many], extensions: [records] });
      await harness.send('POST', '/profiles', { body: { customer_id: 'x' } });
    });
    after(() => close());

    /** Sends members, and expects the given members from PUT and from a later GET. */
    const expectRoundTrip = async (sent: string, kept: string) => {
      const expected = `{"customer_id":"x",${kept}}`;
      const put = await harness.send('PUT', PATH, { raw: `{${sent}}` });
      const got = await harness.send('GET', `${PATH}?extensions=Record`);
      expect([put.status, put.text]).to.deep.equal([200, expected]);
      expect(got.text).to.equal(expected);
    };

    for (const [type, samples] of Object.entries(SAMPLES)) {
      it(`${type}: as an attribute, in a list and in a record`, async () => {
        for (const [sent, kept = sent] of samples) {
          const membersOf = (value: string) =>
            `"One_${type}":${value},"Many_${type}":[${value},${value}],"Record":{"One_${type}":${value}}`;
          await expectRoundTrip(membersOf(sent), membersOf(kept));
        }
      });
    }

    it('R5: null and an empty list mean no value', async () => {
      await harness.send('PUT', PATH, { raw: '{"Record":null}' });
      await expectRoundTrip('"One_string":null,"One_date":"2024-02-29","Many_string":[]', '"One_date":"2024-02-29"');
    });

    it('any string, integer, double and calendar day', async function () {
      this.timeout(60_000);
      const members = fc.record({
        One_string: fc.string({ unit: anyCharacter, maxLength: 256 }).filter((text) => !text.includes('\0')),
        One_integer: fc.integer(),
        One_long: fc.oneof(
          fc.maxSafeInteger(),
          fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }).map(String),
          fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }).map(String),
        ),
        One_double: fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
        One_date: fc
          .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
          .map((date) => date.toISOString().slice(0, 10)),
        Record: fc.record({ One_boolean: fc.boolean() }),
      });
      await fc.assert(
        fc.asyncProperty(members, async (body) => {
          const text = JSON.stringify(body).slice(1, -1);
          await expectRoundTrip(text, text);
        }),
        { numRuns: propertyRuns({ full: 200, quick: 50 }) },
      );
    });
  });
}
