import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'chai';
import type { AttributeDefinition, Schema } from 'dossier';
import fc from 'fast-check';
import { profileJsonSchema } from '../../../adapters/http/openapi/profile-json-schema.js';
import { schemaFaultsOf } from '../../definitions/schema-faults-of.js';
import { propertyRuns } from '../../property-runs.js';
import { faults } from '../../rules/check.js';
import { createApiHarness } from './api-harness.js';

const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);

const jsonSchemaOf = (schema: Partial<Schema>) =>
  profileJsonSchema({ version: 1, attributes: [], extensions: [], identificationKeys: [], ...schema });

/** Values of each type, few enough that constraints made of them often meet. */
const VALUES = {
  string: ['', 'a', 'ab', 'abc', 'aab', 'b1', '😀', '1', 'AB'],
  integer: [-5, 0, 1, 2, 7, 2 ** 31 - 1],
  long: [-1, 0, 5, 2 ** 53 - 1, '9007199254740993', '-9007199254740993', '9223372036854775807'],
  double: [-1.5, 0, 0.1, 0.30000000000000004, 1e300],
  currency: [
    '0',
    '-0.00',
    '1',
    '1.0',
    '1.50',
    1.5,
    '01.5',
    2,
    '-1.5',
    -1.5,
    '10',
    '9.99',
    '123456789012345.6789',
    0.0001,
  ],
  date: ['1962-05-10', '2024-02-29', '0001-01-01', '9999-12-31'],
  datetime: ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.5+01:00', '1962-05-10T23:59:59Z'],
} as const;

type Constrained = keyof typeof VALUES;

const PATTERNS = ['a+', '[ab]*', 'a|b1', '[A-Z]{2}', '\\d*', '(?i)ab', 'a.*', '[^a]*', '\\p{L}'];

const TEXTS_OF_FORMATS = [
  'a@example.com',
  'a@b',
  'https://example.com/a?b#c',
  'a b',
  '+4930123',
  'DE',
  'EUR',
  'de-DE',
].concat(['Europe/Berlin', '123e4567-e89b-12d3-a456-426614174000', 'urn:x:y', '/a', 'de']);

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

function definitionOf(type: Constrained): fc.Arbitrary<AttributeDefinition> {
  const value = fc.constantFrom<string | number>(...VALUES[type]);
  const bounds = type === 'string' ? {} : { minimum: optional(value), maximum: optional(value) };
  const texts = {
    minLength: optional(fc.nat(3)),
    length: optional(fc.integer({ min: 1, max: 40 })),
    pattern: optional(fc.constantFrom(...PATTERNS)),
  };
  const choices = ['string', 'integer', 'long', 'currency', 'date'].includes(type)
    ? { oneOf: optional(fc.array(value, { minLength: 1, maxLength: 4 })) }
    : {};
  const members = { ...bounds, ...choices, ...(type === 'string' && texts) };
  return fc.record({
    name: fc.constant('A'),
    type: fc.constant(type),
    ...members,
  }) as fc.Arbitrary<AttributeDefinition>;
}

const formatted: fc.Arbitrary<AttributeDefinition> = fc
  .constantFrom('email', 'uri', 'uuid', 'phone', 'language', 'country', 'currency-code', 'timezone')
  .map((format) => ({ name: 'A', type: 'string', format }) as AttributeDefinition);

const counted = fc.record({
  multiValued: fc.constant(true),
  mandatory: fc.boolean(),
  minItems: optional(fc.nat(3)),
  maxItems: optional(fc.integer({ min: 1, max: 3 })),
});

const definition = fc
  .tuple(fc.oneof(...(Object.keys(VALUES) as Constrained[]).map(definitionOf), formatted), optional(counted))
  .map(([one, many]) => ({ ...one, ...many }) as AttributeDefinition)
  .filter((one) => schemaFaultsOf({ attributes: [one] }).length === 0);

/** The type in the wrong form is for other tests: here, most values are of the type. */
function valuesFor({ type, format, multiValued }: AttributeDefinition): fc.Arbitrary<unknown> {
  const own = VALUES[type as Constrained] as readonly unknown[];
  const value = fc.constantFrom(...(format ? TEXTS_OF_FORMATS : own), null, true);
  return multiValued ? fc.oneof(value, fc.array(value, { maxLength: 4 })) : value;
}

/** What JSON Schema cannot express (R25): the only constraints that it may let pass. */
function isBeyondJsonSchema({ type, format, pattern, minimum, maximum }: AttributeDefinition): boolean {
  if (['phone', 'language', 'country', 'currency-code', 'timezone'].includes(format ?? '')) return true;
  // A flag, and a dot that is no line end for ECMAScript.
  if (pattern === '(?i)ab' || pattern === 'a.*') return true;
  const hasBounds = minimum !== undefined || maximum !== undefined;
  return hasBounds && ['long', 'currency', 'date', 'datetime'].includes(type);
}

describe('HTTP: constraints in the JSON Schema', () => {
  it('R24 R25 both accept and refuse the same, except what JSON Schema cannot express', () => {
    const met = { accepted: 0, refused: 0 };
    const cases = definition.chain((one) => fc.tuple(fc.constant(one), fc.array(valuesFor(one), { minLength: 10 })));
    const property = fc.property(cases, ([one, values]) => {
      const validate = ajv.compile(jsonSchemaOf({ attributes: [one] }));
      for (const value of values) {
        const found = faults({ attributes: [one] }, { members: { A: value } });
        const fits = validate({ A: value });
        const shown = `${JSON.stringify(one)} ${JSON.stringify(value)} ${found}`;
        if (found.length === 0) expect(fits, `${shown} ${JSON.stringify(validate.errors)}`).to.equal(true);
        else if (!found.every((fault) => fault.startsWith('R24')) || !isBeyondJsonSchema(one)) {
          expect(fits, shown).to.equal(false);
        }
        met[found.length === 0 ? 'accepted' : 'refused'] += 1;
      }
      ajv.removeSchema();
    });
    fc.assert(property, { numRuns: propertyRuns({ full: 3_000, quick: 400 }) });
    expect(met.accepted).to.be.above(300);
    expect(met.refused).to.be.above(300);
  });

  it('R25 has the keywords that say the same', async () => {
    const { schemas, send } = createApiHarness();
    await schemas.define('1', {
      attributes: [
        {
          name: 'Code',
          type: 'string',
          minLength: 2,
          length: 5,
          pattern: '[A-Z]+',
          title: 'Code',
          description: 'Of the shop.',
          mandatory: true,
        },
        { name: 'Color', type: 'string', oneOf: ['red', 'green'], mandatory: true },
        { name: 'Site', type: 'string', format: 'uri', mandatory: true },
        { name: 'Country', type: 'string', format: 'country', mandatory: true },
        { name: 'Age', type: 'integer', minimum: 0, maximum: 150, mandatory: true },
        { name: 'Tags', type: 'integer', multiValued: true, minItems: 2, maxItems: 3, mandatory: true },
      ],
      extensions: [
        { name: 'Phone', type: 'multi-valued', attributes: [], maxRecords: 3, title: 'Phones', description: 'All.' },
      ],
    });
    const { body } = await send('GET', '/metadata/profiles/schema.json');
    const { Code, Color, Site, Country, Age, Tags, Phone } = body.properties;
    expect(Code).to.deep.include({
      type: 'string',
      minLength: 2,
      maxLength: 5,
      pattern: '^(?:[A-Z]+)$',
      title: 'Code',
      description: 'Of the shop.',
    });
    expect(Color).to.deep.include({ type: 'string', enum: ['red', 'green'] });
    expect(Site.format).to.equal('uri');
    expect(Country).not.to.have.property('format');
    expect(Age).to.deep.equal({ type: 'integer', minimum: 0, maximum: 150 });
    expect(Tags).to.deep.include({ type: 'array', minItems: 2, maxItems: 3 });
    expect(Phone).to.deep.include({ title: 'Phones', description: 'All.' });
    expect(Phone.anyOf[1].maxItems).to.equal(3);
  });

  it('R24 a body that breaks a constraint is a 400 with its pointer, and without its value', async () => {
    const { schemas, send } = createApiHarness();
    await schemas.define('1', { attributes: [{ name: 'Color', type: 'string', oneOf: ['red'], minLength: 3 }] });
    const { status, body, text } = await send('POST', '/profiles', { body: { color: 'q7' } });
    expect([status, body.code]).to.deep.equal([400, 'invalid_profile']);
    expect(body.violations).to.deep.equal([
      { pointer: '/color', rule: 'R24', expected: 'one of red (`oneOf`)' },
      { pointer: '/color', rule: 'R24', expected: 'at least 3 code points (`minLength`)' },
    ]);
    expect(text).not.to.contain('q7');
  });

  it('W7 R24 R25 definitions with constraints are sent and answered as they are', async () => {
    const { send } = createApiHarness();
    const attribute = {
      name: 'Age',
      type: 'integer',
      minimum: 0,
      oneOf: [1, 2],
      title: 'Age',
      description: 'In years.',
    };
    expect((await send('PUT', '/metadata/profiles', { body: { attributes: [attribute] } })).status).to.equal(200);
    expect((await send('GET', '/metadata/profiles')).body.attributes).to.deep.equal([attribute]);
    const extension = { name: 'Phone', type: 'multi-valued', attributes: [attribute], maxRecords: 2, title: 'Phones' };
    expect((await send('POST', '/metadata/profiles/extensions', { body: extension })).body).to.deep.equal(extension);
    const wrong = { attributes: [{ ...attribute, maximum: -1 }] };
    const { status, body } = await send('PUT', '/metadata/profiles', { body: wrong });
    expect([status, body.code, body.violations[0].pointer]).to.deep.equal([
      400,
      'invalid_schema',
      '/attributes/0/minimum',
    ]);
  });
});
