import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import type { ServiceOptions } from 'dossier';
import type { Principal } from 'dossier/http';
import type { ApiHarness, Sent } from './api-harness.js';
import { describeOnStorages } from './describe-on-storages.js';
import { EventReader } from './event-reader.js';
import { HULK, HULK_PATH, storeHulk } from './hulk.js';

const { customer_id: CUSTOMER_ID } = HULK;

describeOnStorages('C3: the feed of changes', (open) => {
  let harness: ApiHarness;
  let principal: Principal;
  let closing: AbortController;
  const send = (method: string, path: string, sent?: Sent) => harness.send(method, path, sent);
  const changes = (query = '', headers: Sent['headers'] = {}) => send('GET', `/changes${query}`, { headers });
  const stream = async (query = '', headers: Record<string, string> = {}) => {
    const init = { headers: { accept: 'text/event-stream', ...headers } };
    const response = await harness.api.request(`/changes${query}`, init);
    return { response, events: new EventReader(response) };
  };

  const start = async (services: ServiceOptions) => {
    closing = new AbortController();
    principal = { name: 'ann', role: 'administrator', maySetActor: true };
    harness = await open({ authenticate: () => principal, closing: closing.signal, services });
    await storeHulk(harness);
  };
  beforeEach(() => start({ changes: true }));
  afterEach(() => closing.abort());

  it('lists the lines as events of CloudEvents, and where to go on', async () => {
    const headers = { 'x-genesys-actor': 'Zo%C3%AB', 'x-genesys-reason': 'moved', 'x-genesys-origin': 'crm%20%C3%BC' };
    await send('PATCH', HULK_PATH, { body: { FirstName: 'Hulk' }, headers });
    await send('DELETE', HULK_PATH, { headers: { 'x-genesys-origin': '' } });
    const { status, body } = await changes();
    expect(status).to.equal(200);
    const [created, patched, deleted] = body.changes;
    expect(created.type).to.equal('dossier.profile.created');
    expect({ ...patched, time: '' }).to.deep.equal({
      specversion: '1.0',
      id: patched.id,
      source: '/tenants/1',
      type: 'dossier.profile.patched',
      subject: CUSTOMER_ID,
      time: '',
      datacontenttype: 'application/json',
      data: { revision: 2, actor: 'Zoë', reason: 'moved', origin: 'crm ü', changed: ['/FirstName'] },
    });
    expect(patched.time).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(deleted.type).to.equal('dossier.profile.deleted');
    expect(deleted.data).not.to.have.property('origin');
    expect(body.next).to.equal(deleted.id);
    expect((await changes(`?after=${created.id}&limit=1`)).body).to.deep.equal({
      changes: [patched],
      next: patched.id,
    });
    expect((await changes(`?after=${created.id}`, { 'last-event-id': patched.id })).body.changes).to.deep.equal([
      deleted,
    ]);
    expect((await changes(`?after=${body.next}`)).body).to.deep.equal({ changes: [], next: body.next });
  });

  it('C4: tells actors and reasons to administrators alone', async () => {
    const headers = { 'x-genesys-actor': 'eve', 'x-genesys-reason': 'because', 'x-genesys-origin': 'crm' };
    await send('DELETE', HULK_PATH, { headers });
    for (const role of ['reader', 'writer'] as const) {
      principal = { name: 'bob', role };
      const { text, body } = await changes();
      expect(text).not.to.match(/eve|because|actor|reason/);
      expect(body.changes.at(-1).data.origin).to.equal('crm');
      const { events } = await stream();
      expect(JSON.stringify(await events.take(2))).not.to.match(/eve|because/);
      await events.cancel();
    }
  });

  for (const origin of ['a'.repeat(65), 'a%0Ab', '%FF']) {
    it(`C4: the origin ${origin.slice(0, 8)} is a 400`, async () => {
      const { status, text } = await send('DELETE', HULK_PATH, { headers: { 'x-genesys-origin': origin } });
      expect(status).to.equal(400);
      expect(text).to.include('X-Genesys-Origin');
    });
  }

  for (const query of [
    'after=',
    'after=1',
    'after=1-abcdefghijk',
    'limit=0',
    'limit=1001',
    'wait=61',
    'wait=-1',
    'wait=x',
  ]) {
    it(`malformed_request: ?${query} is a 400`, async () => {
      for (const accept of ['application/json', 'text/event-stream']) {
        const { status, body } = await changes(`?${query}`, { accept });
        expect([status, body.code]).to.deep.equal([400, 'malformed_request']);
      }
    });
  }

  it('not_supported: without the option, a 501', async () => {
    await start({});
    const { status, body } = await changes();
    expect([status, body.code]).to.deep.equal([501, 'not_supported']);
  });

  it('cursor_expired: beyond retention, a 410 with the newest position', async () => {
    let now = Date.UTC(2024, 0, 1);
    await start({ changes: { days: 1 }, now: () => new Date(now) });
    const { next: old } = (await changes()).body;
    await send('PATCH', HULK_PATH, { body: { FirstName: 'Hulk' } });
    now += 2 * 86_400_000;
    for (const accept of ['application/json', 'text/event-stream']) {
      const { status, body } = await changes(`?after=${old}`, { accept });
      expect([status, body.code]).to.deep.equal([410, 'cursor_expired']);
      await send('PATCH', HULK_PATH, { body: { LastName: accept } });
      expect((await changes(`?after=${body.next}`)).body.changes).to.have.length(1);
    }
  });

  it('with wait, answers as soon as there is a line', async () => {
    const { next } = (await changes()).body;
    const waiting = changes(`?after=${next}&wait=30`);
    await setTimeout(10);
    await send('DELETE', HULK_PATH);
    const { body } = await waiting;
    expect(body.changes.map(({ type }: { type: string }) => type)).to.deep.equal(['dossier.profile.deleted']);
    const started = performance.now();
    expect((await changes(`?after=${body.next}&wait=1`)).body.changes).to.deep.equal([]);
    expect(performance.now() - started).to.be.above(900);
  });

  it('does not keep a server from stopping: who waits is answered at once, and streams end', async () => {
    const { next } = (await changes()).body;
    const waiting = changes(`?after=${next}&wait=60`);
    const { events } = await stream(`?after=${next}`);
    await setTimeout(10);
    closing.abort();
    expect((await waiting).body).to.deep.equal({ changes: [], next });
    expect(await events.next()).to.equal(undefined);
  });

  it('streams what there is and what comes, and goes on after Last-Event-ID', async () => {
    const { response, events } = await stream();
    expect(response.headers.get('content-type')).to.equal('text/event-stream');
    expect(response.headers.get('x-accel-buffering')).to.equal('no');
    const [created] = await events.take(1);
    expect(created?.id).to.equal(created?.data.id);
    await send('PATCH', HULK_PATH, { body: { FirstName: 'Hulk' } });
    const [patched] = await events.take(1);
    expect(patched?.data.type).to.equal('dossier.profile.patched');
    await events.cancel();
    await send('DELETE', HULK_PATH);
    const { events: again } = await stream('', { 'last-event-id': patched?.id ?? '' });
    expect((await again.take(1))[0]?.data.type).to.equal('dossier.profile.deleted');
    await again.cancel();
  });
});
