import { expect } from 'chai';
import { type ApiHarness, createApiHarness } from './api-harness.js';
import { HULK, HULK_PATH, HULK_SCHEMA, storeHulk } from './hulk.js';
import { revisionOf } from './tags.js';

const SCHEMA_PATH = '/metadata/profiles';
const EXTENSIONS_PATH = '/metadata/profiles/extensions';
const NICKNAME = { name: 'Nickname', type: 'string' };
const [ADDRESS, PHONE] = HULK_SCHEMA.extensions ?? [];

describe('W7: PUT and GET /metadata/profiles', () => {
  let harness: ApiHarness;
  beforeEach(() => {
    harness = createApiHarness();
  });

  it('GET is a 404 without a schema', async () => {
    const { status, body } = await harness.send('GET', SCHEMA_PATH);
    expect([status, body.code]).to.deep.equal([404, 'not_found']);
  });

  it('PUT creates the schema, and returns it with its version as ETag', async () => {
    const { attributes } = HULK_SCHEMA;
    const put = await harness.send('PUT', SCHEMA_PATH, { body: { attributes } });
    const got = await harness.send('GET', SCHEMA_PATH);
    for (const answer of [put, got]) {
      expect([answer.status, answer.headers.get('etag')]).to.deep.equal([200, '"1"']);
      expect(answer.body).to.deep.equal({ version: 1, attributes });
    }
  });

  it('PUT replaces the attribute definitions, and keeps extensions', async () => {
    await storeHulk(harness);
    const { body } = await harness.send('PUT', SCHEMA_PATH, { body: { attributes: [NICKNAME] } });
    expect(body).to.deep.equal({ version: 2, attributes: [NICKNAME] });
    expect((await harness.send('GET', EXTENSIONS_PATH)).body).to.deep.equal(HULK_SCHEMA.extensions);
  });

  it('W8, R23: values that are not in the new schema are hidden, and come back with it, whatever was replaced', async () => {
    await storeHulk(harness);
    await harness.send('PUT', SCHEMA_PATH, { body: { attributes: [NICKNAME] } });
    const { customer_id, Address, Phone } = HULK;
    const { body } = await harness.send('GET', `${HULK_PATH}?extensions=*`);
    expect(body).to.deep.equal({ customer_id, Address, Phone });
    await harness.send('PUT', HULK_PATH, { body: { Nickname: 'Jolly' } });
    expect((await harness.send('GET', HULK_PATH)).body).to.deep.equal({ customer_id, Nickname: 'Jolly' });
    await harness.send('PUT', SCHEMA_PATH, { body: { attributes: HULK_SCHEMA.attributes } });
    expect((await harness.send('GET', `${HULK_PATH}?extensions=*`)).body).to.deep.equal(HULK);
  });

  it('PUT accepts the body of GET', async () => {
    await storeHulk(harness);
    const { body } = await harness.send('GET', SCHEMA_PATH);
    const put = await harness.send('PUT', SCHEMA_PATH, { body });
    expect([put.status, put.body]).to.deep.equal([200, body]);
  });

  it('PUT supports If-Match', async () => {
    const put = (ifMatch: string, name: string) =>
      harness.send('PUT', SCHEMA_PATH, {
        body: { attributes: [{ name, type: 'string' }] },
        headers: { 'if-match': ifMatch },
      });
    expect((await put('*', 'A')).status).to.equal(412);
    const early = await put('"1"', 'A');
    expect([early.status, early.body.current_revision, early.headers.get('etag')]).to.deep.equal([412, 0, null]);
    await storeHulk(harness);
    expect((await put('"2"', 'A')).headers.get('etag')).to.equal('"1"');
    expect((await put('"1"', 'A')).status).to.equal(200);
    expect((await put('*', 'B')).status).to.equal(200);
    expect((await put('"1", "2"', 'C')).status).to.equal(412);
    expect((await put('W/"3"', 'C')).status).to.equal(412);
    expect((await put('3', 'C')).status).to.equal(400);
    expect((await harness.send('GET', SCHEMA_PATH)).body).to.deep.equal({
      version: 3,
      attributes: [{ name: 'B', type: 'string' }],
    });
  });

  it('GET supports If-None-Match', async () => {
    await storeHulk(harness);
    const headers = { 'if-none-match': '"1"' };
    expect((await harness.send('GET', SCHEMA_PATH, { headers })).status).to.equal(304);
  });

  it('invalid_schema: reports all violations of a definition with pointers', async () => {
    await storeHulk(harness);
    const attributes = [
      { name: '1st', type: 'string' },
      { name: 'Age', type: 'number' },
      { name: 'phone', type: 'string' },
    ];
    const { status, body } = await harness.send('PUT', SCHEMA_PATH, { body: { attributes } });
    expect([status, body.code]).to.deep.equal([400, 'invalid_schema']);
    const pointers = body.violations.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).to.include.members(['/attributes/0/name', '/attributes/1/type', '/attributes/2/name']);
    expect((await harness.send('GET', SCHEMA_PATH)).headers.get('etag')).to.equal('"1"');
  });

  for (const body of [
    {},
    { attributes: null },
    { attributes: {} },
    { attributes: 'Nickname' },
    { attributes: [null] },
  ]) {
    it(`refuses ${JSON.stringify(body)} with 400 invalid_schema`, async () => {
      const answer = await harness.send('PUT', SCHEMA_PATH, { body });
      expect([answer.status, answer.body.code]).to.deep.equal([400, 'invalid_schema']);
    });
  }

  for (const other of ['extensions', 'identificationKeys', 'Attributes', '__proto__']) {
    it(`refuses ${other} next to the attributes`, async () => {
      const raw = `{"attributes": [], "${other}": []}`;
      const { status, body } = await harness.send('PUT', SCHEMA_PATH, { raw });
      expect([status, body.code]).to.deep.equal([400, 'malformed_request']);
    });
  }
});

describe('W7: extension schemas', () => {
  let harness: ApiHarness;
  beforeEach(() => {
    harness = createApiHarness();
  });

  const create = (body: unknown) => harness.send('POST', EXTENSIONS_PATH, { body });

  it('POST creates one extension, with Location; GET finds it by name in any case', async () => {
    await harness.schemas.define('1', { attributes: [] });
    for (const definition of [ADDRESS, PHONE]) {
      const { status, headers, body } = await create(definition);
      const location = `${EXTENSIONS_PATH}/${definition?.name}`;
      expect([status, headers.get('location'), body]).to.deep.equal([201, location, definition]);
      for (const path of [location, location.toLowerCase()]) {
        const got = await harness.send('GET', path);
        expect([got.status, got.body]).to.deep.equal([200, definition]);
      }
    }
    const { status, body } = await harness.send('GET', EXTENSIONS_PATH);
    expect([status, body]).to.deep.equal([200, [ADDRESS, PHONE]]);
  });

  it('schema_not_defined: without a schema POST is a 403', async () => {
    const { status, body } = await create(PHONE);
    expect([status, body.code]).to.deep.equal([403, 'schema_not_defined']);
    for (const path of [EXTENSIONS_PATH, `${EXTENSIONS_PATH}/Phone`]) {
      expect((await harness.send('GET', path)).status).to.equal(404);
    }
  });

  it('already_exists: the name of another extension or of an attribute, in any case, is a 409', async () => {
    await storeHulk(harness);
    for (const name of ['Phone', 'pHone', 'FirstName']) {
      const { status, body } = await create({ ...PHONE, name });
      expect([status, body.code]).to.deep.equal([409, 'already_exists']);
    }
  });

  it('invalid_schema: an invalid definition is a 400 with pointers', async () => {
    await storeHulk(harness);
    const attributes = [
      { name: 'A', type: 'string', multiValued: true },
      { name: 'B', type: 'text' },
    ];
    const { status, body } = await create({ name: 'E', type: 'single-valued', attributes, unique: ['A'] });
    expect([status, body.code]).to.deep.equal([400, 'invalid_schema']);
    const pointers = body.violations.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).to.include.members(['/attributes/0/multiValued', '/attributes/1/type', '/unique']);
  });

  it('R17: are isolated between tenants', async () => {
    await storeHulk(harness);
    await harness.schemas.define('2', { attributes: [] });
    const headers = { 'x-genesys-tenantid': '2' };
    expect((await harness.send('GET', EXTENSIONS_PATH, { headers })).body).to.deep.equal([]);
    expect((await harness.send('GET', `${EXTENSIONS_PATH}/Phone`, { headers })).status).to.equal(404);
    expect((await harness.send('DELETE', `${EXTENSIONS_PATH}/Phone?force=yes`, { headers })).status).to.equal(404);
    expect((await harness.send('GET', `${HULK_PATH}?extensions=*`)).body).to.deep.equal(HULK);
  });

  for (const name of ['Nope', 'FirstName', 'constructor', '__proto__', '%00', '%', '%E2%84%AA', 'x'.repeat(5000)]) {
    it(`${name.slice(0, 20)} does not exist: 404`, async () => {
      await harness.schemas.define('1', {
        ...HULK_SCHEMA,
        extensions: [{ name: 'K', type: 'single-valued', attributes: [] }],
      });
      for (const method of ['GET', 'DELETE']) {
        const { status, body } = await harness.send(method, `${EXTENSIONS_PATH}/${name}`);
        expect([status, body.code]).to.deep.equal([404, 'not_found']);
      }
    });
  }
});

describe('W14: definitions as UCS clients send them', () => {
  it('an extension may leave out its attributes, and a classifier has none', async () => {
    const { send, schemas } = createApiHarness();
    await schemas.define('1', { attributes: [] });
    const create = (body: object) => send('POST', '/metadata/profiles/extensions', { body });
    for (const declared of [
      { name: 'Vip', type: 'classifier' },
      { name: 'Gold', type: 'single-valued' },
    ]) {
      expect((await create(declared)).body).to.deep.equal({ ...declared, attributes: [] });
      const { body } = await send('GET', `/metadata/profiles/extensions/${declared.name}`);
      expect(body).to.deep.equal({ ...declared, attributes: [] });
    }
    expect((await send('POST', '/profiles', { body: { customer_id: 'ann', Vip: {} } })).status).to.equal(201);
    expect((await send('GET', '/profiles/ann?extensions=*')).body).to.deep.equal({ customer_id: 'ann', Vip: {} });
    expect((await send('PUT', '/profiles/ann', { body: { Vip: [{}, {}] } })).status).to.equal(400);
    const attributes = [{ name: 'Since', type: 'date' }];
    const refused = await create({ name: 'Silver', type: 'classifier', attributes });
    expect([refused.status, refused.body.code]).to.deep.equal([400, 'invalid_schema']);
  });

  it('blanks around names in a definition of a key are cut', async () => {
    const { send, schemas } = createApiHarness();
    await schemas.define('1', { attributes: [{ name: 'Name', type: 'string' }] });
    const body = { name: ' byName ', source: 'profile ', attributes: [' Name'] };
    const answer = await send('POST', '/metadata/identification-keys', { body });
    expect([answer.status, answer.body.name, answer.body.attributes]).to.deep.equal([201, 'byName', ['Name']]);
  });
});

describe('W8, R23: an extension with the name of a removed attribute', () => {
  let harness: ApiHarness;
  const EXTENSION = { name: 'NICKNAME', type: 'multi-valued', attributes: [{ name: 'Text', type: 'string' }] };
  const named = (body: object) => Object.keys(body).filter((name) => name.toLowerCase() === 'nickname');
  beforeEach(async () => {
    harness = createApiHarness();
    await storeHulk(harness);
    const { attributes } = HULK_SCHEMA;
    await harness.send('PUT', SCHEMA_PATH, { body: { attributes: [...attributes, NICKNAME] } });
    const { Address: _, ...members } = HULK;
    await harness.send('PUT', HULK_PATH, { body: { ...members, Nickname: 'Jolly' } });
    await harness.send('PUT', SCHEMA_PATH, { body: { attributes } });
    expect((await harness.send('POST', EXTENSIONS_PATH, { body: EXTENSION })).status).to.equal(201);
  });

  it('hides the value of the removed attribute', async () => {
    expect(named((await harness.send('GET', HULK_PATH)).body)).to.deep.equal([]);
    const { body } = await harness.send('GET', `${HULK_PATH}?extensions=*`);
    expect(named(body)).to.deep.equal(['NICKNAME']);
    expect(body.NICKNAME).to.deep.equal([]);
  });

  it('a profile that was read can be sent back, which leaves the hidden value: it comes back with its attribute', async () => {
    const { body } = await harness.send('GET', `${HULK_PATH}?extensions=*`);
    const { status, body: kept } = await harness.send('PUT', HULK_PATH, { body });
    expect([status, kept]).to.deep.equal([200, body]);
    const { attributes } = HULK_SCHEMA;
    await harness.send('DELETE', `${EXTENSIONS_PATH}/nickname`);
    await harness.send('PUT', SCHEMA_PATH, { body: { attributes: [...attributes, NICKNAME] } });
    expect((await harness.send('GET', HULK_PATH)).body.Nickname).to.equal('Jolly');
  });
});

describe('W8: DELETE /metadata/profiles/extensions/{name}', () => {
  let harness: ApiHarness;
  beforeEach(async () => {
    harness = createApiHarness();
    await storeHulk(harness);
  });

  it('schema_in_use: is a 409 if there are records, and changes nothing', async () => {
    for (const query of ['', '?force=no']) {
      const { status, body } = await harness.send('DELETE', `${EXTENSIONS_PATH}/Phone${query}`);
      expect([status, body.code]).to.deep.equal([409, 'schema_in_use']);
    }
    expect((await harness.send('GET', `${HULK_PATH}?extensions=*`)).body).to.deep.equal(HULK);
  });

  it('force=yes also deletes the records, as a change of each affected profile', async () => {
    const { status, text } = await harness.send('DELETE', `${EXTENSIONS_PATH}/phone?force=yes`);
    expect([status, text]).to.deep.equal([204, '']);
    const { Phone: _, ...rest } = HULK;
    const answer = await harness.send('GET', `${HULK_PATH}?extensions=*`);
    expect([answer.body, revisionOf(answer)]).to.deep.equal([rest, 2]);
    expect((await harness.send('GET', `${EXTENSIONS_PATH}/Phone`)).status).to.equal(404);
  });

  it('needs no force without records', async () => {
    await harness.send('PUT', HULK_PATH, { body: { Address: HULK.Address } });
    expect((await harness.send('DELETE', `${EXTENSIONS_PATH}/Phone`)).status).to.equal(204);
  });

  for (const query of ['force=', 'force=true', 'force=YES', 'force', 'force=yes&force=yes', 'force=no&force=yes']) {
    it(`?${query} is a 400`, async () => {
      const { status, body } = await harness.send('DELETE', `${EXTENSIONS_PATH}/Phone?${query}`);
      expect([status, body.code]).to.deep.equal([400, 'malformed_request']);
    });
  }
});

describe('W7, R26: PUT /metadata/profiles/extensions/{name}', () => {
  let harness: ApiHarness;
  const put = (name: string, body: object, query = '') =>
    harness.send('PUT', `${EXTENSIONS_PATH}/${name}${query}`, { body });
  const phone = async () => (await harness.send('GET', `${EXTENSIONS_PATH}/Phone`)).body;
  beforeEach(async () => {
    harness = createApiHarness();
    await storeHulk(harness);
  });

  it('replaces the definition', async () => {
    const titled = { ...(await phone()), title: 'Phones' };
    const { status, body } = await put('PHONE', titled);
    expect([status, body]).to.deep.equal([200, titled]);
    expect(await phone()).to.deep.equal(titled);
  });

  it('renames it where the body has the name in the URL formerly; then that is no name', async () => {
    const renamed = { ...(await phone()), name: 'Telephone', formerly: ['Phone'] };
    const trial = await put('Phone', renamed, '?dry_run=yes');
    expect([trial.status, trial.body.fits]).to.deep.equal([200, true]);
    const { status, body } = await put('Phone', renamed);
    expect([status, body]).to.deep.equal([200, renamed]);
    const { Phone, ...others } = HULK;
    expect((await harness.send('GET', `${HULK_PATH}?extensions=*`)).body).to.deep.equal({
      ...others,
      Telephone: Phone,
    });
    for (const [path, expected] of [
      [`${EXTENSIONS_PATH}/Phone`, 404],
      [`${HULK_PATH}?extensions=Phone`, 404],
    ] as const) {
      expect((await harness.send('GET', path)).status, path).to.equal(expected);
    }
    const refused = await harness.send('PUT', HULK_PATH, { body: HULK });
    expect([refused.status, refused.body.violations.map(({ rule }: { rule: string }) => rule)]).to.deep.equal([
      400,
      ['R26'],
    ]);
    expect((await put('Phone', renamed)).status).to.equal(404);
    expect(
      (await harness.send('POST', EXTENSIONS_PATH, { body: { name: 'phone', type: 'multi-valued' } })).status,
    ).to.equal(409);
  });

  it('is a 400 for another name, a 404 for an unknown extension, a 409 for a taken name and for records without force', async () => {
    const definition = await phone();
    expect((await put('Phone', { ...definition, name: 'Fax' })).body.code).to.equal('invalid_schema');
    expect((await put('Fax', { ...definition, name: 'Fax' })).body.code).to.equal('not_found');
    expect((await put('Phone', { ...definition, name: 'Address', formerly: ['Phone'] })).body.code).to.equal(
      'already_exists',
    );
    const { unique: _, ...loose } = definition;
    const single = { ...loose, type: 'single-valued' };
    expect((await put('Phone', single)).body.code).to.equal('schema_in_use');
    expect((await put('Phone', single, '?force=yes')).status).to.equal(200);
  });
});
