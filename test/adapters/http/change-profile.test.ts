import { expect } from 'chai';
import { createApiHarness, type Send } from './api-harness.js';
import { HULK, HULK_PATH, HULK_SCHEMA, storeHulk } from './hulk.js';
import { revisionOf } from './tags.js';

describe('W5: responses to changes of a profile', () => {
  let send: Send;

  beforeEach(async () => {
    const harness = createApiHarness();
    await storeHulk(harness);
    send = harness.send;
  });

  const stored = async () => (await send('GET', `${HULK_PATH}?extensions=*`)).body;

  it('POST /profiles returns 201, the id and the location', async () => {
    const { status, headers, text } = await send('POST', '/profiles', {
      body: { customer_id: 'x-1', FirstName: 'Thor' },
    });
    expect([status, text]).to.deep.equal([201, '{"customer_id":"x-1"}']);
    expect([headers.get('location'), headers.get('etag')]).to.deep.equal(['/profiles/x-1', '"1"']);
    expect((await send('GET', '/profiles/x-1')).body.FirstName).to.equal('Thor');
  });

  it('POST /profiles without customer_id generates one', async () => {
    const { status, headers, body } = await send('POST', '/profiles', { body: { FirstName: 'Thor' } });
    expect(status).to.equal(201);
    expect(body.customer_id).to.match(/^[0-9A-Za-z]{16}$/);
    expect((await send('GET', headers.get('location') ?? '')).body).to.deep.equal({ ...body, FirstName: 'Thor' });
  });

  it('PUT without extensions returns the attributes, and keeps the stored extensions (R6, R7)', async () => {
    const answer = await send('PUT', HULK_PATH, { body: { FirstName: 'Hulk' } });
    const { status, headers, body } = answer;
    expect(status).to.equal(200);
    expect([revisionOf(answer), headers.get('content-location')]).to.deep.equal([2, HULK_PATH]);
    expect(body).to.deep.equal({ customer_id: HULK.customer_id, FirstName: 'Hulk' });
    expect(await stored()).to.deep.equal({ ...body, Address: HULK.Address, Phone: HULK.Phone });
  });

  it('PUT with an extension replaces all extensions, and returns them (R8)', async () => {
    const { body } = await send('PUT', HULK_PATH, { body: { phone: { PhoneNumber: '1' } } });
    expect(body).to.deep.equal({ customer_id: HULK.customer_id, Phone: [{ PhoneNumber: '1' }] });
    expect(await stored()).to.deep.equal(body);
  });

  for (const nothing of [null, []]) {
    it(`PUT with {"Phone": ${JSON.stringify(nothing)}} removes every extension (R8)`, async () => {
      const { body } = await send('PUT', HULK_PATH, { body: { FirstName: 'Hulk', Phone: nothing } });
      expect(body).to.deep.equal({ customer_id: HULK.customer_id, FirstName: 'Hulk', Phone: [] });
      expect(await stored()).to.deep.equal(body);
    });
  }

  it('PUT of the body of GET changes nothing, not even the revision (R13)', async () => {
    const answer = await send('PUT', HULK_PATH, { body: await stored() });
    expect([revisionOf(answer), answer.body]).to.deep.equal([1, HULK]);
  });

  it('R11: PUT reports all violations with pointers and without values, and changes nothing (R12)', async () => {
    const body = { FirstName: 5550100, Nope: 'secret-1', 'a/b~c': 1, Phone: [{ PhoneType: 'secret-2' }] };
    const answer = await send('PUT', HULK_PATH, { body });
    expect([answer.status, answer.body.code]).to.deep.equal([400, 'invalid_profile']);
    const pointers = answer.body.violations.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).to.have.members(['/FirstName', '/Nope', '/a~1b~0c', '/Phone/0/PhoneNumber']);
    expect(answer.text).not.to.match(/secret|5550100/);
    expect(await stored()).to.deep.equal(HULK);
  });

  it('R1: customer_id in another case is an unknown name', async () => {
    const { status, body } = await send('PUT', HULK_PATH, { body: { Customer_ID: HULK.customer_id } });
    expect([status, body.violations[0].pointer]).to.deep.equal([400, '/Customer_ID']);
  });

  it('R15: PUT never creates', async () => {
    expect((await send('PUT', '/profiles/nobody', { body: { FirstName: 'Thor' } })).status).to.equal(404);
    expect((await send('GET', '/profiles/nobody')).status).to.equal(404);
  });

  it('R16: uses a schema that another service has changed', async () => {
    const { InMemoryProfileRepository } = await import('dossier/memory');
    const repository = new InMemoryProfileRepository();
    const [one, other] = [createApiHarness({ repository }), createApiHarness({ repository })];
    await storeHulk(one);
    await other.schemas.defineAttributes('1', [...HULK_SCHEMA.attributes, { name: 'Nickname', type: 'string' }]);
    expect((await one.send('PUT', HULK_PATH, { body: { Nickname: 'Jolly' } })).status).to.equal(200);
    await other.schemas.defineAttributes('1', HULK_SCHEMA.attributes);
    expect((await one.send('PUT', HULK_PATH, { body: { Nickname: 'Green' } })).status).to.equal(400);
    expect((await one.send('GET', HULK_PATH)).body).not.to.have.property('Nickname');
  });

  it('DELETE returns the id and removes the profile', async () => {
    const { status, text } = await send('DELETE', HULK_PATH);
    expect([status, text]).to.deep.equal([200, `{"customer_id":"${HULK.customer_id}"}`]);
    expect((await send('GET', HULK_PATH)).status).to.equal(404);
    expect((await send('DELETE', HULK_PATH)).status).to.equal(404);
  });
});
