import { expect } from 'chai';
import type { ApiHarness } from './api-harness.js';
import { describeOnStorages } from './describe-on-storages.js';
import { HERO_SCHEMA, storeHeroes } from './heroes.js';
import { revisionOf } from './tags.js';

const KEYS = '/metadata/identification-keys';
const BY_CITY = { name: 'byCity', source: 'Address', attributes: ['City'] };

describeOnStorages('W7: identification keys', (open) => {
  let harness: ApiHarness;
  beforeEach(async () => {
    harness = await open();
  });

  const create = (body: unknown) => harness.send('POST', KEYS, { body });

  it('POST creates one key, with Location; GET finds it by name in any case', async () => {
    await storeHeroes(harness);
    const { status, headers, body } = await create(BY_CITY);
    expect([status, headers.get('location'), body]).to.deep.equal([201, `${KEYS}/byCity`, BY_CITY]);
    for (const path of [`${KEYS}/byCity`, `${KEYS}/BYCITY`]) {
      const got = await harness.send('GET', path);
      expect([got.status, got.body]).to.deep.equal([200, BY_CITY]);
    }
  });

  it('GET lists them in order of definition', async () => {
    await harness.schemas.define('1', { attributes: [] });
    expect((await harness.send('GET', KEYS)).body).to.deep.equal([]);
    await storeHeroes(harness);
    await create(BY_CITY);
    const { status, body } = await harness.send('GET', KEYS);
    expect([status, body]).to.deep.equal([200, [...(HERO_SCHEMA.identificationKeys ?? []), BY_CITY]]);
  });

  it('R1, R18: keep their definition, with attribute and extension names in the case of the schema', async () => {
    await storeHeroes(harness);
    const key = { ...BY_CITY, unique: true, caseSensitive: false };
    expect((await create({ ...key, source: 'address', attributes: ['CITY'] })).body).to.deep.equal(key);
    expect((await harness.send('GET', `${KEYS}/byCity`)).body).to.deep.equal(key);
  });

  it('DELETE returns 204 and removes the key', async () => {
    await storeHeroes(harness);
    const { status, text } = await harness.send('DELETE', `${KEYS}/BYEMAIL`);
    expect([status, text]).to.deep.equal([204, '']);
    for (const method of ['GET', 'DELETE']) {
      expect((await harness.send(method, `${KEYS}/byEmail`)).status).to.equal(404);
    }
  });

  it('schema_not_defined: without a schema POST returns 403, and GET 404', async () => {
    const { status, body } = await create(BY_CITY);
    expect([status, body.code]).to.deep.equal([403, 'schema_not_defined']);
    expect((await harness.send('GET', KEYS)).status).to.equal(404);
    expect((await harness.send('GET', `${KEYS}/byCity`)).status).to.equal(404);
    expect((await harness.send('DELETE', `${KEYS}/byCity`)).status).to.equal(404);
  });

  it('already_exists: the name of another key in any case is a 409; the name of an attribute is allowed (R1)', async () => {
    await storeHeroes(harness);
    for (const name of ['byEmail', 'BYEMAIL']) {
      const { status, body } = await create({ ...BY_CITY, name });
      expect([status, body.code]).to.deep.equal([409, 'already_exists']);
    }
    expect((await create({ ...BY_CITY, name: 'FirstName' })).status).to.equal(201);
  });

  it('invalid_schema: an invalid definition is a 400 with pointers', async () => {
    await storeHeroes(harness);
    const faults = async (definition: unknown) => {
      const { status, body } = await create(definition);
      expect([status, body.code]).to.deep.equal([400, 'invalid_schema']);
      return body.violations.map(({ pointer }: { pointer: string }) => pointer);
    };
    expect(await faults({})).to.include.members(['/name', '/attributes']);
    expect(await faults({ ...BY_CITY, name: '1st', attributes: ['Nope'] })).to.have.members(['/name', '/attributes/0']);
    expect(await faults({ ...BY_CITY, source: 'Nope' })).to.deep.equal(['/source']);
    expect(await faults({ ...BY_CITY, attributes: [] })).to.deep.equal(['/attributes']);
    expect(await faults({ ...BY_CITY, attributes: ['City', 'city'] })).to.deep.equal(['/attributes/1']);
    expect(await faults({ ...BY_CITY, unique: 'yes', extra: 1 })).to.have.members(['/unique', '/extra']);
  });

  it('R17: are isolated between tenants', async () => {
    await storeHeroes(harness);
    await harness.schemas.define('2', { attributes: [] });
    const headers = { 'x-genesys-tenantid': '2' };
    expect((await harness.send('GET', KEYS, { headers })).body).to.deep.equal([]);
    for (const method of ['GET', 'DELETE']) {
      expect((await harness.send(method, `${KEYS}/byEmail`, { headers })).status).to.equal(404);
    }
    expect((await harness.send('GET', `${KEYS}/byEmail`)).status).to.equal(200);
  });

  for (const name of ['Nope', 'FirstName', 'constructor', '__proto__', '%00', '%', 'b%E2%84%AA', 'x'.repeat(5000)]) {
    it(`${name.slice(0, 20)} does not exist: 404`, async () => {
      await storeHeroes(harness);
      for (const method of ['GET', 'DELETE']) {
        const { status, body } = await harness.send(method, `${KEYS}/${name}`);
        expect([status, body.code]).to.deep.equal([404, 'not_found']);
      }
    });
  }

  it('R21: schema_in_use: a unique key over colliding data is a 409 with the number of collisions', async () => {
    await storeHeroes(harness);
    const { status, body } = await create({ name: 'oneLastName', attributes: ['LastName'], unique: true });
    expect([status, body.code, body.collisions]).to.deep.equal([409, 'schema_in_use', 1]);
    expect((await harness.send('GET', `${KEYS}/oneLastName`)).status).to.equal(404);
  });

  it('R19: identity_taken: a write that duplicates an entry of a unique key is a 409 with the key', async () => {
    await storeHeroes(harness);
    await create({ name: 'oneCity', source: 'Address', attributes: ['City'], unique: true });
    const body = { Address: { City: 'Hollywood' } };
    const answers = [
      await harness.send('POST', '/profiles', { body }),
      await harness.send('PUT', '/profiles/jen', { body }),
      await harness.send('POST', '/profiles/jen/extensions', { body }),
    ];
    for (const answer of answers) {
      expect([answer.status, answer.body.code, answer.body.key]).to.deep.equal([409, 'identity_taken', 'oneCity']);
      expect(answer.text).not.to.include('Hollywood');
    }
    expect(revisionOf(await harness.send('GET', '/profiles/jen'))).to.equal(1);
  });
});

describeOnStorages('W8: definitions that an identification key uses', (open) => {
  it('schema_in_use: its attributes cannot be removed or retyped, and its extension cannot be deleted', async () => {
    const { schemas, send } = await open();
    await schemas.define('1', HERO_SCHEMA);
    const attributes = HERO_SCHEMA.attributes;
    const others = attributes.filter(({ name }) => name !== 'Age');
    const answers = [
      await send('PUT', '/metadata/profiles', { body: { attributes: others } }),
      await send('PUT', '/metadata/profiles', { body: { attributes: [...others, { name: 'Age', type: 'long' }] } }),
      await send('DELETE', '/metadata/profiles/extensions/Phone'),
      await send('DELETE', '/metadata/profiles/extensions/Phone?force=yes'),
    ];
    for (const { status, body } of answers) {
      expect([status, body.code]).to.deep.equal([409, 'schema_in_use']);
      expect(body).not.to.have.property('collisions');
    }
    await send('DELETE', `${KEYS}/byAge`);
    await send('DELETE', `${KEYS}/byPhone`);
    expect((await send('PUT', '/metadata/profiles', { body: { attributes: others } })).status).to.equal(200);
    expect((await send('DELETE', '/metadata/profiles/extensions/Phone')).status).to.equal(204);
  });

  it('W7: PUT /metadata/profiles keeps extensions and keys', async () => {
    const { schemas, send } = await open();
    await schemas.define('1', HERO_SCHEMA);
    const attributes = [...HERO_SCHEMA.attributes, { name: 'Nickname', type: 'string' }];
    await send('PUT', '/metadata/profiles', { body: { attributes } });
    expect((await send('GET', KEYS)).body).to.deep.equal(HERO_SCHEMA.identificationKeys);
  });
});
