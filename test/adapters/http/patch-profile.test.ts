import { expect } from 'chai';
import { createApiHarness } from './api-harness.js';
import { HULK, HULK_PATH, storeHulk } from './hulk.js';

const MERGE_PATCH = { 'content-type': 'application/merge-patch+json' };
const { Address, Phone, ...ATTRIBUTES } = HULK;

async function withHulk() {
  const harness = createApiHarness();
  await storeHulk(harness);
  const { send } = harness;
  return {
    ...harness,
    patch: (body: object, headers: Record<string, string> = MERGE_PATCH, query = '') =>
      send('PATCH', `${HULK_PATH}${query}`, { body, headers }),
    stored: async () => (await send('GET', `${HULK_PATH}?extensions=*`)).body,
  };
}

describe('L5: PATCH /profiles/{id}', () => {
  it('answers all attributes and the extensions named, with the tag of a reading', async () => {
    const { patch, stored, send } = await withHulk();
    const { status, headers, body } = await patch({ lastname: null, Address: { Type: null, City: 'Dayton' } });
    expect([status, headers.get('content-location')]).to.deep.equal([200, HULK_PATH]);
    expect(headers.get('etag')).to.match(/^"2-/);
    const { LastName: _, ...attributes } = ATTRIBUTES;
    expect(body).to.deep.equal({ ...attributes, Address: { City: 'Dayton' } });
    expect(await stored()).to.deep.equal({ ...body, Phone });
    const tag = headers.get('etag') ?? '';
    const again = await send('GET', `${HULK_PATH}?extensions=Address`, { headers: { 'if-none-match': tag } });
    expect(again.status).to.equal(304);
  });

  it('takes a merge patch or JSON, and nothing else', async () => {
    const { patch } = await withHulk();
    const accepted = [
      'application/merge-patch+json',
      'application/merge-patch+json; charset=utf-8',
      'application/json',
    ];
    for (const mediaType of accepted) {
      expect((await patch({ FirstName: 'Hulk' }, { 'content-type': mediaType })).status, mediaType).to.equal(200);
    }
    for (const mediaType of ['application/json-patch+json', 'text/plain', '']) {
      const { status, body } = await patch({ FirstName: 'Hulk' }, { 'content-type': mediaType });
      expect([status, body.code], mediaType).to.deep.equal([415, 'unsupported_media_type']);
      expect(body.detail).to.include('application/merge-patch+json');
    }
  });

  it('W2: PUT does not take a merge patch, which would empty the profile', async () => {
    const { send, stored } = await withHulk();
    const { status } = await send('PUT', HULK_PATH, { body: { FirstName: 'Hulk' }, headers: MERGE_PATCH });
    expect(status).to.equal(415);
    expect(await stored()).to.deep.equal(HULK);
  });

  it('W2: customer_id must equal the one in the URL, and the body must be an object', async () => {
    const { patch, send } = await withHulk();
    expect((await patch({ customer_id: HULK.customer_id, FirstName: 'Hulk' })).status).to.equal(200);
    expect((await patch({ customer_id: 'other' })).status).to.equal(400);
    for (const raw of ['[]', 'null', '"x"', '{"FirstName": "a", "FirstName": "b"}']) {
      expect((await send('PATCH', HULK_PATH, { raw, headers: MERGE_PATCH })).body.code, raw).to.equal(
        'malformed_request',
      );
    }
  });

  it('R11: reports all violations with pointers and without values', async () => {
    const { patch, stored } = await withHulk();
    const answer = await patch({ FirstName: 5550100, Nope: 'secret', Phone: [{ PhoneType: 'secret' }] });
    expect([answer.status, answer.body.code]).to.deep.equal([400, 'invalid_profile']);
    const pointers = answer.body.violations.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).to.have.members(['/FirstName', '/Nope', '/Phone/0/PhoneNumber']);
    expect(answer.text).not.to.match(/secret|5550100/);
    expect(await stored()).to.deep.equal(HULK);
  });

  it('R14 W3: heeds If-Match and If-None-Match, after the violations of what is given', async () => {
    const { patch } = await withHulk();
    const conditional = (headers: Record<string, string>, body: object = { FirstName: 'Hulk' }) =>
      patch(body, { ...MERGE_PATCH, ...headers });
    expect((await conditional({ 'if-match': '"9"' })).status).to.equal(412);
    expect((await conditional({ 'if-match': '"9"' }, { FirstName: 1 })).status).to.equal(400);
    expect((await conditional({ 'if-none-match': '*' })).status).to.equal(412);
    expect((await conditional({ 'if-match': '"1"' })).headers.get('etag')).to.match(/^"2-/);
    expect((await conditional({ 'if-match': '*', 'if-none-match': '"1"' }, { FirstName: 'B' })).status).to.equal(200);
  });

  it('R22: by the tag of an answer, answers what that showed and what the body gives', async () => {
    const { patch, send } = await withHulk();
    const shown = await send('GET', `${HULK_PATH}?attributes=DOB&extensions=Phone`);
    const tag = shown.headers.get('etag') ?? '';
    const { body } = await patch({ FirstName: 'Hulk' }, { ...MERGE_PATCH, 'if-match': tag });
    expect(body).to.deep.equal({ customer_id: HULK.customer_id, FirstName: 'Hulk', DOB: HULK.DOB, Phone });
  });

  it('L4: rebase=yes carries it over to a newer state', async () => {
    const { patch, stored } = await withHulk();
    await patch({ LastName: 'Blonsky' });
    const stale = { ...MERGE_PATCH, 'if-match': '"1"' };
    expect((await patch({ Address: { City: 'Rome' } }, stale)).status).to.equal(412);
    expect((await patch({ Address: { City: 'Rome' } }, stale, '?rebase=yes')).status).to.equal(200);
    expect(await stored()).to.deep.include({ LastName: 'Blonsky', Address: { ...Address, City: 'Rome' } });
    expect((await patch({ LastName: 'Ross' }, stale, '?rebase=yes')).status).to.equal(412);
    expect((await patch({}, MERGE_PATCH, '?rebase=yes')).status).to.equal(400);
  });

  it('L1: dry_run=yes answers the preview and stores nothing', async () => {
    const { patch, stored } = await withHulk();
    const { status, headers, body } = await patch({ DOB: null, FirstName: 'Hulk' }, MERGE_PATCH, '?dry_run=yes');
    expect([status, headers.has('etag'), body.outcome, body.changed]).to.deep.equal([
      200,
      false,
      'changed',
      ['/FirstName'],
    ]);
    expect(body.cleared).to.deep.equal([{ pointer: '/DOB', given: 'null' }]);
    expect(await stored()).to.deep.equal(HULK);
  });

  it('R15: never creates', async () => {
    const { send } = await withHulk();
    expect((await send('PATCH', '/profiles/nobody', { body: {}, headers: MERGE_PATCH })).status).to.equal(404);
  });

  it('is described with both media types', async () => {
    const { send } = await withHulk();
    const { paths } = (await send('GET', '/openapi.json')).body;
    const { requestBody, responses } = paths['/profiles/{customer_id}'].patch;
    expect(Object.keys(requestBody.content)).to.deep.equal(['application/merge-patch+json', 'application/json']);
    expect(Object.keys(responses)).to.include.members(['200', '400', '404', '409', '412', '415']);
  });
});

describe('L6: POST /profiles?id_key=K', () => {
  const start = async () => {
    const harness = createApiHarness();
    await storeHulk(harness);
    const { schemas, send } = harness;
    await schemas.addKey('1', { name: 'byEmail', attributes: ['EmailAddress'], unique: true });
    await schemas.addKey('1', { name: 'byPhone', source: 'Phone', attributes: ['PhoneNumber'], unique: true });
    await schemas.addKey('1', { name: 'byName', attributes: ['LastName'] });
    return { ...harness, post: (key: string, body: object) => send('POST', `/profiles?id_key=${key}`, { body }) };
  };

  it('answers 200 with the id that is found, and changes nothing', async () => {
    const { post, send } = await start();
    const found = await post('BYEMAIL', { EmailAddress: [...HULK.EmailAddress, 'other@example.com'], FirstName: 'X' });
    expect([found.status, found.text]).to.deep.equal([200, `{"customer_id":"${HULK.customer_id}"}`]);
    expect([found.headers.get('etag'), found.headers.has('location')]).to.deep.equal(['"1"', false]);
    expect((await post('byPhone', { Phone: { PhoneNumber: '555-0100' } })).status).to.equal(200);
    expect((await send('GET', `${HULK_PATH}?extensions=*`)).body).to.deep.equal(HULK);
  });

  it('answers 201 with the location of what it creates, by the primary value', async () => {
    const { post, send } = await start();
    const body = { EmailAddress: ['new@example.com'], FirstName: 'New' };
    const created = await post('byEmail', body);
    const { customer_id } = created.body;
    expect([created.status, created.headers.get('location')]).to.deep.equal([201, `/profiles/${customer_id}`]);
    expect((await send('GET', `/profiles/${customer_id}`)).body).to.deep.equal({ customer_id, ...body });
    expect((await post('byEmail', body)).body).to.deep.equal({ customer_id });
  });

  it('is refused for what the key, the body or another profile does not allow', async () => {
    const { post } = await start();
    const EmailAddress = 'new@example.com';
    for (const [key, body, status, code] of [
      ['byNothing', { EmailAddress }, 404, 'not_found'],
      ['byName', { LastName: 'X' }, 400, 'malformed_request'],
      ['byEmail', { FirstName: 'X' }, 400, 'invalid_profile'],
      ['byEmail', { EmailAddress: HULK.EmailAddress, Nope: 1 }, 400, 'invalid_profile'],
      ['byEmail', { EmailAddress, customer_id: HULK.customer_id }, 409, 'already_exists'],
      ['byEmail', { EmailAddress, Phone: { PhoneNumber: '555-0100' } }, 409, 'identity_taken'],
      ['byEmail', { EmailAddress: [EmailAddress, ...HULK.EmailAddress] }, 409, 'identity_taken'],
    ] as const) {
      const answer = await post(key, body);
      expect([answer.status, answer.body.code], JSON.stringify([key, body])).to.deep.equal([status, code]);
    }
  });

  it('L1: dry_run=yes tells whether it would create', async () => {
    const { post } = await start();
    const found = await post('byEmail&dry_run=yes', { EmailAddress: HULK.EmailAddress });
    const created = await post('byEmail&dry_run=yes', { EmailAddress: 'new@example.com' });
    expect([found.status, found.body.outcome]).to.deep.equal([200, 'unchanged']);
    expect([created.status, created.body.added]).to.deep.equal([200, ['/EmailAddress']]);
    expect((await post('byEmail', { EmailAddress: 'new@example.com' })).status).to.equal(201);
  });
});
