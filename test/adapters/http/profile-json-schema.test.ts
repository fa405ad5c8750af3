import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import type { AttributeDefinition, SchemaDefinition, Violation } from 'dossier';
import fc from 'fast-check';
import { anyCharacter } from '../../any-character.js';
import { propertyRuns } from '../../property-runs.js';
import { createApiHarness, senderTo } from './api-harness.js';
import { HULK, HULK_SCHEMA, storeHulk } from './hulk.js';

const PATH = '/metadata/profiles/schema.json';

function compile(schema: object) {
  const ajv = new Ajv2020({ allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

describe('HTTP: GET /metadata/profiles/schema.json', () => {
  it('returns the JSON Schema with the schema version as ETag, and supports If-None-Match (W3)', async () => {
    const harness = createApiHarness();
    await storeHulk(harness);
    const { status, headers, body } = await harness.send('GET', PATH);
    expect([status, headers.get('etag')]).to.deep.equal([200, '"1"']);
    expect(headers.get('content-type')).to.equal('application/schema+json');
    expect(body.$schema).to.equal('https://json-schema.org/draft/2020-12/schema');
    expect(compile(body)(HULK)).to.equal(true);
    const conditional = await harness.send('GET', PATH, { headers: { 'if-none-match': 'W/"1"' } });
    expect([conditional.status, conditional.text]).to.deep.equal([304, '']);
  });

  it('R15: is a 404 without a schema', async () => {
    expect((await createApiHarness().send('GET', PATH)).status).to.equal(404);
  });

  it('R17: returns the schema of the tenant', async () => {
    const harness = createApiHarness();
    await storeHulk(harness);
    await harness.schemas.define('2', { attributes: [] });
    const { body } = await harness.send('GET', PATH, { headers: { 'x-genesys-tenantid': '2' } });
    expect(compile(body)({})).to.equal(true);
    expect(compile(body)({ FirstName: 'Bruce' })).to.equal(false);
  });

  it('R16: returns the newest schema', async () => {
    const harness = createApiHarness();
    await storeHulk(harness);
    await harness.schemas.define('1', { ...HULK_SCHEMA, attributes: [{ name: 'Nickname', type: 'string' }] });
    const { body } = await harness.send('GET', PATH);
    expect(compile(body)({ Nickname: 'Hulk' })).to.equal(true);
    expect(compile(body)({ FirstName: 'Bruce' })).to.equal(false);
  });

  it('R2: supports names that exist on JavaScript objects', async () => {
    const harness = createApiHarness();
    const attributes: AttributeDefinition[] = ['constructor', 'toString', 'length'].map((name) => ({
      name,
      type: 'string',
      mandatory: true,
    }));
    await harness.schemas.define('1', { attributes });
    const validate = compile((await harness.send('GET', PATH)).body);
    expect(validate({ constructor: 'a', toString: 'b', length: 'c' })).to.equal(true);
    expect(validate({ constructor: 'a', toString: 'b', length: 3 })).to.equal(false);
  });
});

const TYPES = ['string', 'boolean', 'integer', 'long', 'double', 'currency', 'date', 'datetime'] as const;

const SCHEMA: SchemaDefinition = {
  attributes: TYPES.flatMap((type): AttributeDefinition[] => [
    { name: `one_${type}`, type },
    { name: `many_${type}`, type, multiValued: true },
  ]).concat(
    { name: 'short', type: 'string', length: 2 },
    { name: 'needed', type: 'string', mandatory: true },
    { name: 'neededList', type: 'integer', mandatory: true, multiValued: true },
    { name: 'fallback', type: 'integer', mandatory: true, default: 7 },
  ),
  extensions: [
    {
      name: 'Single',
      type: 'single-valued',
      attributes: [
        { name: 'a', type: 'string', mandatory: true },
        { name: 'b', type: 'date' },
      ],
    },
    {
      name: 'Multi',
      type: 'multi-valued',
      attributes: [
        { name: 'a', type: 'integer', mandatory: true },
        { name: 'b', type: 'currency' },
      ],
      unique: ['a'],
    },
    { name: 'Bare', type: 'multi-valued', attributes: [] },
  ],
};

/** What JSON Schema cannot express: the only reasons for which the service may refuse what the schema accepts. */
const BEYOND_JSON_SCHEMA: readonly ((violation: Violation) => boolean)[] = [
  ({ rule }) => rule === 'R10',
  ({ pointer, rule }) => rule === 'R3' && /^\/(?:one|many)_(?:long|currency)|^\/Multi.*\/b$/.test(pointer),
];

const value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    '',
    'a',
    'ab',
    'abc',
    '😀😀',
    '😀😀😀',
    'a\0',
    '\ud800',
    {},
    [],
    [[]],
    [null],
  ),
  fc.constantFrom<unknown>(0, -0, 1, 1.5, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, 2 ** 53, 1e15, 0.0001, 1e300),
  fc.constantFrom(
    '9007199254740991',
    '9007199254740992',
    '9223372036854775807',
    '+1',
    '01',
    '1.0',
    '-12.3450',
    '.5',
    '5.',
  ),
  fc.constantFrom(
    '1234567890123456789',
    '12345678901234567890',
    '123456789012345.6789',
    '1234567890123456.7891',
    '007.10',
  ),
  fc.constantFrom('1962-05-10', '1962-02-29', '2024-02-29', '0000-01-01', '1962-5-10', '9999-12-31', '1962-13-01'),
  fc.constantFrom('2024-02-29T23:59:59Z', '2024-02-29T23:59:60Z', '2024-02-29t23:59:59z', '2024-02-29T24:00:00Z'),
  fc.constantFrom('2024-02-30T00:00:00Z', '2024-02-29T00:00:00.1234Z', '2024-02-29T00:00:00.123+14:00', '2024-02-29'),
  fc.string({ unit: anyCharacter, maxLength: 4 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const fitting: Readonly<Record<(typeof TYPES)[number], fc.Arbitrary<unknown>>> = {
  string: fc.string({ unit: 'grapheme', maxLength: 4 }).filter((text) => !text.includes('\0')),
  boolean: fc.boolean(),
  integer: fc.integer(),
  long: fc.maxSafeInteger(),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }),
  currency: fc.constantFrom('1', '-12.3450', '0.0001', 12.5),
  date: fc.constantFrom('1962-05-10', '2024-02-29'),
  datetime: fc.constantFrom('2024-02-29T23:59:59Z', '2024-02-29T00:00:00.123+14:00'),
};
const record = (a: fc.Arbitrary<unknown>, b: fc.Arbitrary<unknown>) =>
  fc.record({ a: fc.oneof(a, value), b, c: value }, { requiredKeys: [] }).map(({ c, ...others }) =>
    // Sometimes an unknown name.
    c === null ? { ...others, c } : others,
  );
const valid = fc.record(
  {
    ...Object.fromEntries(TYPES.map((type) => [`one_${type}`, fitting[type]])),
    ...Object.fromEntries(TYPES.map((type) => [`many_${type}`, fc.array(fitting[type], { maxLength: 2 })])),
    needed: fitting.string,
    neededList: fc.array(fc.integer(), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['needed', 'neededList'] },
);
const members = [...SCHEMA.attributes.map(({ name }) => name), 'Bare', 'Nope', 'a/b'];
const spoiling = fc.record(
  {
    member: fc.tuple(fc.constantFrom(...members), fc.oneof(value, fc.array(value, { maxLength: 2 }))),
    Single: fc.oneof(
      record(fitting.string, fitting.date),
      fc.array(record(fitting.string, value), { maxLength: 1 }),
      value,
    ),
    Multi: fc.oneof(
      record(fitting.integer, fitting.currency),
      fc.array(record(fc.nat(2), value), { maxLength: 2 }),
      value,
    ),
  },
  { requiredKeys: [] },
);
const spoilt = fc.tuple(valid, spoiling).map(
  ([base, { member, ...extensions }]): Record<string, unknown> => ({
    ...base,
    ...extensions,
    ...(member && { [member[0]]: member[1] }),
  }),
);
const representation: fc.Arbitrary<Record<string, unknown>> = fc.oneof(valid, spoilt);

describe('HTTP: the JSON Schema of a profile compared with the service', () => {
  it('R1 to R11: both accept and refuse the same, except what JSON Schema cannot express', async function () {
    this.timeout(60_000);
    const { api, schemas } = createApiHarness();
    const send = senderTo(api);
    await schemas.define('1', SCHEMA);
    const validate = compile((await send('GET', PATH)).body);
    const numRuns = propertyRuns({ full: 3_000, quick: 400 });
    const met = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(representation, async (body) => {
        // As it arrives: JSON.stringify writes −0 as 0.
        const raw = JSON.stringify(body);
        const fits = validate(JSON.parse(raw));
        const { status, body: answer } = await send('POST', '/profiles', { raw });
        if (status === 201) {
          expect(fits, `${raw} ${JSON.stringify(validate.errors)}`).to.equal(true);
          met.accepted += 1;
          return;
        }
        expect(answer.code, raw).to.equal('invalid_profile');
        met.refused += 1;
        const decisive = answer.violations.filter(
          (violation: Violation) => !BEYOND_JSON_SCHEMA.some((isBeyond) => isBeyond(violation)),
        );
        if (decisive.length > 0) expect(fits, `${raw} ${JSON.stringify(decisive)}`).to.equal(false);
      }),
      { numRuns },
    );
    expect(met.accepted).to.be.above(numRuns / 10);
    expect(met.refused).to.be.above(numRuns / 10);
  });

  it('the service returns profiles that are valid against it', async () => {
    const harness = createApiHarness();
    await harness.schemas.define('1', SCHEMA);
    const validate = compile((await harness.send('GET', PATH)).body);
    await fc.assert(
      fc.asyncProperty(valid, async (body) => {
        const { headers } = await harness.send('POST', '/profiles', { body });
        const { body: answered } = await harness.send('GET', `${headers.get('location')}?extensions=*`);
        expect(validate(answered), JSON.stringify(validate.errors)).to.equal(true);
      }),
      { numRuns: propertyRuns({ full: 200, quick: 40 }) },
    );
  });
});
