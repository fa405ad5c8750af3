import { tracingChannel } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { expect } from 'chai';
import type { Principal } from 'dossier/http';
import type { ApiHarness, Sent } from './api-harness.js';
import { describeOnStorages } from './describe-on-storages.js';
import { BRUCE, storeHeroes } from './heroes.js';
import { tagOf } from './tags.js';

const PATH = '/profiles/bruce';
const ERASURE = `${PATH}/erasure`;

describeOnStorages('E3: erasing over HTTP', (open) => {
  let harness: ApiHarness;
  let principal: Principal;
  const send = (method: string, path: string, sent?: Sent) => harness.send(method, path, sent);
  const codeOf = async (method: string, path: string, sent?: Sent) => {
    const { status, body } = await send(method, path, sent);
    return [status, body.code];
  };

  beforeEach(async () => {
    principal = { name: 'ann', role: 'administrator', maySetActor: true };
    harness = await open({ authenticate: () => principal });
    await storeHeroes(harness);
  });

  it('E3: answers 201 with the receipt, and then 200 with the same, as GET does', async () => {
    await send('PUT', `${PATH}/merge/jen`, { body: { force_merge: true } });
    const headers = { 'x-genesys-reason': 'Request%204711' };
    const first = await send('POST', ERASURE, { headers });
    expect(first.status).to.equal(201);
    expect(first.headers.get('location')).to.equal(ERASURE);
    const { erasure, time, removed, ...others } = first.body;
    expect(others).to.deep.equal({
      actor: 'ann',
      reason: 'Request 4711',
      customer_id: 'bruce',
      customer_ids: ['bruce', 'jen'],
    });
    expect(removed).to.include({ profiles: 1, states: 2 });
    expect([typeof erasure, typeof time]).to.deep.equal(['string', 'string']);
    for (const [method, path] of [
      ['POST', ERASURE],
      ['GET', ERASURE],
      ['GET', '/profiles/jen/erasure'],
    ] as const) {
      const again = await send(method, path);
      expect([again.status, again.body]).to.deep.equal([200, first.body]);
    }
    for (const path of [PATH, `${PATH}/history`, `${PATH}/history/1`, '/profiles/jen']) {
      expect(await codeOf('GET', path)).to.deep.equal([404, 'not_found']);
    }
  });

  it('E3: of requests that race, one gets 201, and all get the same receipt', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => send('POST', ERASURE)));
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).to.equal(1);
  });

  it('E3: heeds If-Match, of a deletion as well', async () => {
    const tag = tagOf(await send('GET', PATH));
    await send('PATCH', PATH, { body: { Age: 43 } });
    expect(await codeOf('POST', ERASURE, { headers: { 'if-match': tag } })).to.deep.equal([412, 'revision_conflict']);
    expect((await send('GET', PATH)).status).to.equal(200);
    await send('DELETE', PATH);
    expect(await codeOf('POST', ERASURE, { headers: { 'if-match': '"2"' } })).to.deep.equal([412, 'revision_conflict']);
    const { status } = await send('POST', ERASURE, { headers: { 'if-match': '"3"' } });
    expect(status).to.equal(201);
    // A retry finds its work done.
    expect((await send('POST', ERASURE, { headers: { 'if-match': '"3"' } })).status).to.equal(200);
  });

  it('E3: is for administrators alone, as is after_erasure', async () => {
    for (const role of ['reader', 'writer'] as const) {
      principal = { name: 'bob', role };
      for (const [method, path] of [
        ['POST', ERASURE],
        ['GET', ERASURE],
        ['POST', '/profiles?after_erasure=x'],
        ['POST', '/profiles/import?after_erasure=x'],
        ['POST', `${PATH}/history/1/restore?after_erasure=x`],
      ] as const) {
        // Before the body is looked at.
        const sent = method === 'POST' ? { raw: '{' } : {};
        expect(await codeOf(method, path, sent), `${role}: ${method} ${path}`).to.deep.equal([401, 'not_allowed']);
      }
    }
  });

  it('L1: with dry_run=yes, tells what would be removed, and removes nothing', async () => {
    const before = await send('GET', PATH);
    const { status, body, headers } = await send('POST', `${ERASURE}?dry_run=yes`);
    expect([status, headers.get('location'), headers.get('etag')]).to.deep.equal([200, null, null]);
    const after = await send('GET', PATH);
    expect([after.body, tagOf(after)]).to.deep.equal([before.body, tagOf(before)]);
    const { removed, customer_ids } = (await send('POST', ERASURE)).body;
    expect(body).to.deep.equal({ customer_id: 'bruce', customer_ids, removed });
    expect(await codeOf('POST', '/profiles/nobody/erasure?dry_run=yes')).to.deep.equal([404, 'not_found']);
  });

  it('E2: what would bring an erased id back is refused, unless it names the erasure', async () => {
    await send('PUT', '/profiles/jen/merge/bruce', { body: { force_merge: true } });
    const { erasure, held_by } = (await send('POST', ERASURE)).body;
    expect(held_by).to.equal('jen');
    const ndjson = { raw: JSON.stringify(BRUCE), headers: { 'content-type': 'application/x-ndjson' } };
    for (const query of ['', '?after_erasure=another']) {
      expect(await codeOf('POST', `/profiles${query}`, { body: BRUCE })).to.deep.equal([409, 'erased']);
      expect(await codeOf('POST', `${PATH}/history/1/restore${query}`)).to.deep.equal([409, 'erased']);
      expect(await codeOf('PUT', `/profiles/jen/unmerge/bruce${query}`)).to.deep.equal([409, 'erased']);
      const { body } = await send('POST', `/profiles/import${query}`, ndjson);
      expect([body.failed, body.errors[0].code]).to.deep.equal([1, 'erased']);
      const rehearsed = await codeOf('POST', `/profiles${query || '?'}&dry_run=yes`, { body: BRUCE });
      expect(rehearsed).to.deep.equal([409, 'erased']);
    }
    expect(await codeOf('PUT', PATH, { body: { Age: 1 } })).to.deep.equal([404, 'not_found']);
    expect(await codeOf('POST', '/profiles?after_erasure=', { body: BRUCE })).to.deep.equal([400, 'malformed_request']);
    principal = { name: 'bob', role: 'writer' };
    expect(await codeOf('POST', '/profiles', { body: BRUCE })).to.deep.equal([409, 'erased']);
    expect(await codeOf('POST', `${PATH}/history/1/restore`)).to.deep.equal([409, 'erased']);
    principal = { name: 'ann', role: 'administrator' };
    const gone = await codeOf('POST', `${PATH}/history/1/restore?after_erasure=${erasure}`);
    expect(gone).to.deep.equal([404, 'not_found']);
    const { body } = await send('POST', `/profiles/import?after_erasure=${erasure}`, ndjson);
    expect(body.created).to.equal(1);
    expect(await codeOf('GET', ERASURE)).to.deep.equal([404, 'not_found']);
    expect(tagOf(await send('GET', PATH))).to.match(/^"4-/);
  });

  it('E1: no answer, log entry or trace of an erasure holds a value of the person', async () => {
    const seen: unknown[] = [];
    const channels = ['operation', 'repository'].map((name) => tracingChannel(`dossier:${name}`));
    const listener = (message: unknown) => seen.push({ ...(message as object) });
    const handlers = { start: listener, end: listener, asyncStart: listener, asyncEnd: listener, error: listener };
    for (const channel of channels) channel.subscribe(handlers);
    try {
      harness = await open({ authenticate: () => principal, onRequest: (entry) => seen.push(entry) });
      await storeHeroes(harness);
      seen.length = 0;
      for (const path of [`${ERASURE}?dry_run=yes`, ERASURE, ERASURE]) {
        const { text, headers } = await send('POST', path);
        seen.push(text, [...headers]);
      }
      const { text } = await send('POST', '/profiles', { body: BRUCE });
      seen.push(text);
    } finally {
      for (const channel of channels) channel.unsubscribe(handlers);
    }
    expect(seen.length).to.be.greaterThan(10);
    for (const value of ['Banner', 'Hollywood', '555-0100', 'example.com', '1962-05-10']) {
      expect(inspect(seen, { depth: 9, maxArrayLength: null })).not.to.contain(value);
    }
  });

  it('R17: an erasure in another tenant is none in this one', async () => {
    const inTenant2 = { headers: { 'x-genesys-tenantid': '2' } };
    await send('POST', ERASURE);
    expect(await codeOf('POST', ERASURE, inTenant2)).to.deep.equal([404, 'not_found']);
    expect(await codeOf('GET', ERASURE, inTenant2)).to.deep.equal([404, 'not_found']);
  });
});
