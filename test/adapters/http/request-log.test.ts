import { getRequestListener } from '@hono/node-server';
import { expect } from 'chai';
import { StorageUnavailableError } from 'dossier';
import type { RequestLogEntry } from 'dossier/http';
import { createApiHarness } from './api-harness.js';
import { FailingRepository } from './failing-repository.js';
import { HULK, HULK_PATH, storeHulk } from './hulk.js';
import { listening } from './listening.js';

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
    await send('PUT', HULK_PATH, { body: { Nope: 'secret' }, headers: { 'x-genesys-tenantid': '007' } });
    await send('PUT', `${HULK_PATH}?secret=secret`, { body: {} });
    await send('GET', '/secret');
    const told = entries.map(({ method, route, status, tenantId }) => ({ method, route, status, tenantId }));
    expect(told).to.deep.equal([
      { method: 'GET', route: '/profiles/{customer_id}', status: 200, tenantId: '1' },
      { method: 'PUT', route: '/profiles/{customer_id}', status: 403, tenantId: '7' },
      { method: 'PUT', route: '/profiles/{customer_id}', status: 400, tenantId: '1' },
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

  it('returns the request id of the request if it is printable, otherwise a new one', async () => {
    const { send, entries } = await create();
    const given = ['0b6f5d6e-5a52-4c3c-9d27-3f3f0a9b7c11', '7', 'order 17 / step 2', 'x'.repeat(128), '{"a":1}'];
    const answered = async (id: string) =>
      (await send('GET', HULK_PATH, { headers: { 'x-request-id': id } })).headers.get('x-request-id');
    for (const id of given) expect(await answered(id)).to.equal(id);
    for (const id of ['', 'x'.repeat(129), 'Zo\u00eb', 'a\tb']) {
      const made = await answered(id);
      expect(made).to.match(/^[0-9a-f-]{36}$/);
      expect(entries.at(-1)?.requestId).to.equal(made);
    }
    expect(entries.slice(0, given.length).map(({ requestId }) => requestId)).to.deep.equal(given);
  });

  it('logs the code of a failed request, and the code of the driver', async () => {
    const entries: RequestLogEntry[] = [];
    const repository = new FailingRepository();
    const harness = createApiHarness({ repository, onError: () => {}, onRequest: (entry) => entries.push(entry) });
    await storeHulk(harness);
    await harness.send('PUT', HULK_PATH, { body: { Nope: 1 } });
    expect(entries.at(-1)).to.include({ status: 400, code: 'invalid_profile', driverCode: undefined });
    repository.failure = Object.assign(new StorageUnavailableError('gone'), { driverCode: 'ECONNREFUSED' });
    await harness.send('GET', HULK_PATH);
    expect(entries.at(-1)).to.include({ status: 503, code: 'storage_unavailable', driverCode: 'ECONNREFUSED' });
    repository.failure = Object.assign(new Error('gone'), { driverCode: 'duplicate key (bruce)' });
    await harness.send('GET', HULK_PATH);
    expect(entries.at(-1)).to.include({ status: 500, code: 'internal_error', driverCode: undefined });
  });

  it('logs the address of the client of a 401', async () => {
    const entries: RequestLogEntry[] = [];
    let refused = true;
    const authenticate = () => (refused ? undefined : ({ name: 'ann', role: 'reader' } as const));
    const { api } = createApiHarness({ authenticate, onRequest: (entry) => entries.push(entry) });
    const url = await listening(getRequestListener(api.fetch, { overrideGlobalObjects: false }));
    await fetch(`${url}${HULK_PATH}`);
    refused = false;
    await fetch(`${url}${HULK_PATH}`);
    expect(entries.map(({ status, client }) => [status, client])).to.deep.equal([
      [401, '127.0.0.1'],
      [404, undefined],
    ]);
  });

  it('does no work for a client that has left, and logs 499', async () => {
    const entries: RequestLogEntry[] = [];
    const leaving = new AbortController();
    const errors: unknown[] = [];
    const authenticate = async () => {
      leaving.abort();
      return { name: 'ann', role: 'administrator' } as const;
    };
    const onRequest = (entry: RequestLogEntry) => entries.push(entry);
    const { api, schemas } = createApiHarness({ authenticate, onRequest, onError: (error) => errors.push(error) });
    const body = JSON.stringify({ attributes: [] });
    const init = { method: 'PUT', body, headers: { 'content-type': 'application/json' }, signal: leaving.signal };
    expect((await api.request('/metadata/profiles', init)).status).to.equal(499);
    expect([entries.length, entries[0]?.status, errors]).to.deep.equal([1, 499, []]);
    expect(await schemas.get('1').catch(({ code }) => code)).to.equal('not_found');
  });
});
