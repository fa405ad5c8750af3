import { expect } from 'chai';
import type { RequestLogEntry } from 'dossier/http';
import { createApiHarness } from './api-harness.js';
import { HULK, HULK_PATH, storeHulk } from './hulk.js';

describe('HTTP: request log', () => {
  const create = async () => {
    const entries: RequestLogEntry[] = [];
    const harness = createApiHarness({ onRequest: (entry) => entries.push(entry) });
    await storeHulk(harness);
    entries.length = 0;
    return { ...harness, entries };
  };

  it('calls onRequest once per request, with the route instead of the path', async () => {
    const { send, entries } = await create();
    await send('GET', HULK_PATH);
    await send('PUT', `${HULK_PATH}?x=secret`, { body: { Nope: 'secret' }, headers: { 'x-genesys-tenantid': '007' } });
    await send('GET', '/secret');
    const told = entries.map(({ method, route, status, tenantId }) => ({ method, route, status, tenantId }));
    expect(told).to.deep.equal([
      { method: 'GET', route: '/profiles/{customer_id}', status: 200, tenantId: '1' },
      { method: 'PUT', route: '/profiles/{customer_id}', status: 403, tenantId: '7' },
      { method: 'GET', route: undefined, status: 404, tenantId: '1' },
    ]);
    expect(JSON.stringify(entries)).not.to.match(new RegExp(`secret|Bruce|${HULK.customer_id}`));
    for (const { durationMs } of entries) expect(durationMs).to.be.at.least(0);
  });

  it('logs the caller, and omits a tenant that is not valid', async () => {
    const entries: RequestLogEntry[] = [];
    const authenticate = () => ({ name: 'agent-7', role: 'reader' }) as const;
    const { send } = createApiHarness({ authenticate, onRequest: (entry) => entries.push(entry) });
    await send('GET', HULK_PATH, { headers: { 'x-genesys-tenantid': 'Bruce' } });
    expect(entries[0]).to.include({ caller: 'agent-7', tenantId: undefined, status: 400 });
  });

  it('returns the request id of the request if it is a UUID or hexadecimal, otherwise a new one', async () => {
    const { send, entries } = await create();
    const given = ['0b6f5d6e-5a52-4c3c-9d27-3f3f0a9b7c11', '4bf92f3577b34da6a3ce929d0e0e4736'];
    for (const id of given) {
      expect((await send('GET', HULK_PATH, { headers: { 'x-request-id': id } })).headers.get('x-request-id')).to.equal(
        id,
      );
    }
    for (const id of ['bruce.banner@example.com', '5550100', 'BruceBannerBruceBanner', '']) {
      const made = (await send('GET', HULK_PATH, { headers: { 'x-request-id': id } })).headers.get('x-request-id');
      expect(made).to.match(/^[0-9a-f-]{36}$/);
      expect(entries.at(-1)?.requestId).to.equal(made);
    }
    expect(entries.slice(0, 2).map(({ requestId }) => requestId)).to.deep.equal(given);
  });
});
