import { expect } from 'chai';
import type { ApiHarness, Sent } from './api-harness.js';
import { describeOnStorages } from './describe-on-storages.js';
import { HULK, HULK_PATH, HULK_SCHEMA, storeHulk } from './hulk.js';
import { revisionOf } from './tags.js';

const SCHEMA_PATH = '/metadata/profiles';
const PHONE_PATH = `${SCHEMA_PATH}/extensions/Phone`;
const { DOB, Phone, ...REST } = HULK;

describeOnStorages('R23: residual values over HTTP', (open) => {
  let harness: ApiHarness;
  const send = (method: string, path: string, sent?: Sent) => harness.send(method, path, sent);
  const read = () => send('GET', `${HULK_PATH}?extensions=*`);
  const withoutDob = HULK_SCHEMA.attributes.filter(({ name }) => name !== 'DOB');
  const define = (attributes: typeof HULK_SCHEMA.attributes, query = '', headers: Sent['headers'] = {}) =>
    send('PUT', `${SCHEMA_PATH}${query}`, { body: { attributes }, headers });

  beforeEach(async () => {
    harness = await open();
    await storeHulk(harness);
  });

  for (const query of ['', '?residual=keep']) {
    it(`PUT /metadata/profiles${query} keeps values that the schema no longer knows: they come back with it`, async () => {
      expect((await define(withoutDob, query)).status).to.equal(200);
      expect((await read()).body).to.deep.equal({ ...REST, Phone });
      await define(HULK_SCHEMA.attributes);
      const answer = await read();
      expect([answer.body, revisionOf(answer)]).to.deep.equal([HULK, 1]);
    });
  }

  it('PUT /metadata/profiles?residual=drop removes them, a change of each profile that has any', async () => {
    await send('POST', '/profiles', { body: { customer_id: 'thor', FirstName: 'Thor' } });
    expect((await define(withoutDob, '?residual=drop')).status).to.equal(200);
    await define(HULK_SCHEMA.attributes);
    const answer = await read();
    expect([answer.body, revisionOf(answer)]).to.deep.equal([{ ...REST, Phone }, 2]);
    expect(revisionOf(await send('GET', '/profiles/thor'))).to.equal(1);
    const [newest] = (await send('GET', `${HULK_PATH}/history?limit=1`)).body;
    expect(newest).to.include({ revision: 2, operation: 'schema_change' });
  });

  it('PUT /metadata/profiles?residual=drop removes what was residual before, also where the schema stays the same', async () => {
    await define(withoutDob);
    const again = await define(withoutDob, '?residual=drop');
    expect([again.status, again.body.version]).to.deep.equal([200, 2]);
    await define(HULK_SCHEMA.attributes);
    expect((await read()).body).to.deep.equal({ ...REST, Phone });
  });

  it('DELETE /metadata/profiles/extensions/{name}?residual=drop removes what was residual; records need force', async () => {
    await define(withoutDob);
    expect((await send('DELETE', `${PHONE_PATH}?residual=drop`)).status).to.equal(409);
    expect((await send('DELETE', `${PHONE_PATH}?residual=drop&force=yes`)).status).to.equal(204);
    await define(HULK_SCHEMA.attributes);
    await send('POST', `${SCHEMA_PATH}/extensions`, { body: HULK_SCHEMA.extensions?.[1] });
    expect((await read()).body).to.deep.equal({ ...REST, Phone: [] });
  });

  it('DELETE /metadata/profiles/extensions/{name} keeps what was residual', async () => {
    await define(withoutDob);
    expect((await send('DELETE', `${PHONE_PATH}?force=yes`)).status).to.equal(204);
    await define(HULK_SCHEMA.attributes);
    expect((await read()).body).to.deep.equal({ ...REST, DOB });
  });

  it('a change that is refused removes nothing', async () => {
    await define(withoutDob);
    const refused = await define(withoutDob, '?residual=drop', { 'if-match': '"1"' });
    expect(refused.status).to.equal(412);
    expect((await define([{ name: '1st', type: 'string' }], '?residual=drop')).status).to.equal(400);
    await define(HULK_SCHEMA.attributes);
    expect((await read()).body).to.deep.equal(HULK);
  });

  for (const query of ['residual=', 'residual=yes', 'residual=DROP', 'residual=drop&residual=drop']) {
    it(`?${query} is a 400, and changes nothing`, async () => {
      for (const answer of [await define(withoutDob, `?${query}`), await send('DELETE', `${PHONE_PATH}?${query}`)]) {
        expect([answer.status, answer.body.code]).to.deep.equal([400, 'malformed_request']);
      }
      expect((await read()).body).to.deep.equal(HULK);
    });
  }
});
