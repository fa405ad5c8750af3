import { expect } from 'chai';
import type { Principal } from 'dossier/http';
import { createApiHarness, type Sent } from './api-harness.js';
import { HULK, HULK_PATH, storeHulk } from './hulk.js';

const TRUSTED: Principal = { name: 'gateway', role: 'administrator', maySetActor: true };
const NOTES = { 'x-genesys-actor': 'Zo%C3%AB%20M%C3%BCller', 'x-genesys-reason': 'Asked%20by%20phone%2C%20twice' };

/** Each operation that changes a profile, and the profile that it changes. */
const CHANGES: Readonly<Record<string, readonly [method: string, path: string, sent: Sent, changed: string]>> = {
  create: ['POST', '/profiles', { body: { customer_id: 'jen' } }, 'jen'],
  replace: ['PUT', HULK_PATH, { body: {} }, HULK.customer_id],
  patch: ['PATCH', HULK_PATH, { body: { FirstName: null } }, HULK.customer_id],
  delete: ['DELETE', HULK_PATH, {}, HULK.customer_id],
  insert_records: ['POST', `${HULK_PATH}/extensions`, { body: { Phone: { PhoneNumber: '1' } } }, HULK.customer_id],
  update_record: [
    'PUT',
    `${HULK_PATH}/extensions/Phone/by/unique`,
    { body: { PhoneNumber: '555-0100', PhoneType: 'work' } },
    HULK.customer_id,
  ],
  delete_record: [
    'PUT',
    `${HULK_PATH}/extensions/Phone/delete/by/unique`,
    { body: { PhoneNumber: '555-0100' } },
    HULK.customer_id,
  ],
  merge: ['PUT', `${HULK_PATH}/merge/other`, {}, HULK.customer_id],
  import: [
    'POST',
    '/profiles/import',
    { raw: '{"customer_id":"jen"}\n', headers: { 'content-type': 'application/x-ndjson' } },
    'jen',
  ],
  restore: ['POST', `${HULK_PATH}/history/1/restore`, {}, HULK.customer_id],
};

describe('W13: X-Genesys-Actor and X-Genesys-Reason', () => {
  const create = async (principal: Principal | undefined) => {
    const harness = createApiHarness({ authenticate: principal && (() => principal) });
    await storeHulk(harness);
    const newestOf = async (id: string) => (await harness.profiles.history('1', id, { limit: 1 })).items[0];
    const replace = (headers: Sent['headers'] = {}) =>
      harness.send('PUT', HULK_PATH, { body: { FirstName: 'B' }, headers });
    return { ...harness, newestOf, replace, newest: () => newestOf(HULK.customer_id) };
  };

  for (const [operation, [method, path, sent, changed]] of Object.entries(CHANGES)) {
    it(`${operation}: name who makes the change and why, from a trusted caller`, async () => {
      const { send, profiles, newestOf } = await create(TRUSTED);
      await profiles.create('1', { customerId: 'other', attributes: {} });
      if (operation === 'restore') await send('PUT', HULK_PATH, { body: {} });
      const { status } = await send(method, path, { ...sent, headers: { ...sent.headers, ...NOTES } });
      expect(status).to.be.below(300);
      expect(await newestOf(changed)).to.include({ operation, actor: 'Zoë Müller', reason: 'Asked by phone, twice' });
      if (operation === 'merge') expect(await newestOf('other')).to.include({ operation, actor: 'Zoë Müller' });
    });
  }

  it('are ignored from other callers, even if they are not valid: the actor is the caller', async () => {
    const { replace, newest } = await create({ name: 'bob', role: 'writer' });
    expect((await replace({ ...NOTES, 'x-genesys-actor': '%' })).status).to.equal(200);
    expect(await newest())
      .to.include({ operation: 'replace', actor: 'bob' })
      .and.not.have.property('reason');
  });

  it('are ignored where the host does not authenticate: there is no actor', async () => {
    const { replace, newest } = await create(undefined);
    expect((await replace(NOTES)).status).to.equal(200);
    expect(await newest()).to.not.have.any.keys('actor', 'reason');
  });

  it('without them, the actor is the trusted caller itself', async () => {
    const { replace, newest } = await create(TRUSTED);
    await replace({ 'x-genesys-reason': 'Cleanup' });
    expect(await newest()).to.include({ actor: 'gateway', reason: 'Cleanup' });
  });

  it('a name of a caller that is no actor is not kept', async () => {
    for (const name of ['', 'x'.repeat(257), 'a\nb']) {
      const { replace, newest } = await create({ name, role: 'writer' });
      expect((await replace()).status).to.equal(200);
      expect(await newest()).to.not.have.property('actor');
    }
  });

  for (const header of ['x-genesys-actor', 'x-genesys-reason']) {
    for (const [what, value] of Object.entries({
      'bytes that are not percent-encoded': 'Zo\u00eb',
      'half an escape': '%C',
      'bytes that are not UTF-8': '%FF',
      'a control character': 'a%0Ab',
      'no text': '',
      '257 code points': '%F0%9D%92%B3'.repeat(257),
    })) {
      it(`malformed_request: ${header} of ${what} is a 400 that does not repeat it`, async () => {
        const { replace, newest } = await create(TRUSTED);
        const { status, body, text } = await replace({ [header]: value });
        expect([status, body.code]).to.deep.equal([400, 'malformed_request']);
        expect(body.detail.toLowerCase()).to.contain(header);
        if (value !== '') expect(text).not.to.contain(value);
        expect(await newest()).to.include({ revision: 1 });
      });
    }

    it(`${header} has up to 256 code points`, async () => {
      const { replace, newest } = await create(TRUSTED);
      expect((await replace({ [header]: '%F0%9D%92%B3'.repeat(256) })).status).to.equal(200);
      expect(Object.values((await newest()) ?? {})).to.include('𝒳'.repeat(256));
    });
  }

  it('are never logged', async () => {
    const entries: object[] = [];
    const harness = createApiHarness({ authenticate: () => TRUSTED, onRequest: (entry) => entries.push(entry) });
    await storeHulk(harness);
    await harness.send('PUT', HULK_PATH, { body: {}, headers: NOTES });
    expect(JSON.stringify(entries))
      .to.contain('gateway')
      .and.not.match(/Zo|phone/);
  });
});
