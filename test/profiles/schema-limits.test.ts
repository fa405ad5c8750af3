import { expect } from 'chai';
import type { InvalidSchemaError, SchemaInUseError } from 'dossier';
import { createServices, outcome, refusal, TENANT } from '../service-harness.js';

const LIMITS = { maxSchemaAttributes: 4, maxExtensions: 2, maxIdentificationKeys: 2, maxKeyAttributes: 2 };

const attributes = (...names: string[]) => names.map((name) => ({ name, type: 'string' as const }));
const extension = (name: string, ...names: string[]) =>
  ({ name, type: 'multi-valued', attributes: attributes(...names) }) as const;

async function faults(attempt: Promise<unknown>): Promise<readonly string[]> {
  const { code, violations } = await refusal<InvalidSchemaError>(attempt);
  return [code, ...violations.map(({ pointer, expected }) => `${pointer} ${/`(\w+)`/.exec(expected)?.[1]}`)];
}

describe('SchemaService: the limits of a schema', () => {
  it('R4 R10 R18 each is named by what is over it', async () => {
    const { schemas } = createServices(undefined, LIMITS);
    const tooMany = {
      attributes: attributes('A', 'B', 'C'),
      extensions: [extension('E', 'X'), extension('F', 'X'), extension('G')],
      identificationKeys: ['K', 'L', 'M'].map((name) => ({ name, attributes: ['A'] })),
    };
    expect(await faults(schemas.define(TENANT, tooMany))).to.deep.equal([
      'invalid_schema',
      '/attributes maxSchemaAttributes',
      '/extensions maxExtensions',
      '/identificationKeys maxIdentificationKeys',
    ]);
    const tooLong = {
      attributes: attributes('A'),
      extensions: [{ ...extension('E', 'X', 'Y', 'Z'), unique: ['X', 'Y', 'Z'] }],
      identificationKeys: [{ name: 'K', source: 'E', attributes: ['X', 'Y', 'Z'] }],
    };
    expect(await faults(schemas.define(TENANT, tooLong))).to.deep.equal([
      'invalid_schema',
      '/identificationKeys/0/attributes maxKeyAttributes',
      '/extensions/0/unique maxKeyAttributes',
    ]);
  });

  it('W7 what is added counts with what there is, and a schema that is over a lowered limit may get smaller', async () => {
    const { repository, schemas } = createServices(undefined, LIMITS);
    await schemas.define(TENANT, { attributes: attributes('A', 'B', 'C'), extensions: [extension('E', 'X')] });
    expect(await outcome(schemas.addExtension(TENANT, extension('F', 'X')))).to.equal('invalid_schema');
    expect(await outcome(schemas.defineAttributes(TENANT, attributes('A', 'B', 'C', 'D')))).to.equal('invalid_schema');
    const lowered = createServices(repository, { ...LIMITS, maxSchemaAttributes: 1 }).schemas;
    expect(await outcome(lowered.addKey(TENANT, { name: 'K', attributes: ['A'] }))).to.equal('ok');
    expect(await outcome(lowered.addKey(TENANT, { name: 'L', attributes: ['A', 'B', 'C'] }))).to.equal(
      'invalid_schema',
    );
    expect(await outcome(lowered.defineAttributes(TENANT, attributes('A', 'B')))).to.equal('ok');
  });
});

describe('SchemaService: unique attributes over stored records', () => {
  const phone = { name: 'Phone', type: 'multi-valued', attributes: attributes('Number', 'Kind') } as const;

  async function create(unique?: readonly string[]) {
    const services = createServices();
    await services.schemas.define(TENANT, { attributes: [], extensions: [{ ...phone, unique }] });
    const records = [{ Number: '1', Kind: 'a' }, { Number: '1', Kind: 'b' }, { Number: '1', Kind: 'c' }, {}];
    for (const customerId of ['x', 'y']) {
      await services.profiles.create(TENANT, { customerId, attributes: {}, extensions: { Phone: records } });
    }
    return services;
  }

  it('W8 records that agree are a conflict, with their number, and nothing changes', async () => {
    const { schemas } = await create();
    const change = schemas.define(TENANT, { attributes: [], extensions: [{ ...phone, unique: ['number'] }] });
    const { code, collisions } = await refusal<SchemaInUseError>(change);
    expect([code, collisions]).to.deep.equal(['schema_in_use', 4]);
    expect(await schemas.getExtension(TENANT, 'Phone')).not.to.have.property('unique');
  });

  it('W8 records that differ are not', async () => {
    const { schemas } = await create();
    const extensions = [{ ...phone, unique: ['Number', 'Kind'] }];
    expect(await outcome(schemas.define(TENANT, { attributes: [], extensions }))).to.equal('ok');
  });

  it('W8 fewer unique attributes than before may be a conflict, more may not', async () => {
    const { schemas } = await create(['Number', 'Kind']);
    const fewer = { attributes: [], extensions: [{ ...phone, unique: ['Kind'] }] };
    expect(await outcome(schemas.define(TENANT, fewer))).to.equal('ok');
    const other = { attributes: [], extensions: [{ ...phone, unique: ['Number'] }] };
    expect(await outcome(schemas.define(TENANT, other))).to.equal('schema_in_use');
  });
});
