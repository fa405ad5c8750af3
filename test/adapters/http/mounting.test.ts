import { expect } from 'chai';
import { Hono } from 'hono';
import { createApiHarness, type Send, senderTo } from './api-harness.js';
import { HULK, HULK_SCHEMA } from './hulk.js';

const [, PHONE] = HULK_SCHEMA.extensions ?? [];

/** Sends the same requests wherever the API is mounted. */
async function converse(send: Send, prefix: string): Promise<void> {
  const attributes = HULK_SCHEMA.attributes;
  expect((await send('PUT', `${prefix}/metadata/profiles`, { body: { attributes } })).status).to.equal(200);
  const extension = await send('POST', `${prefix}/metadata/profiles/extensions`, { body: PHONE });
  expect(extension.headers.get('location')).to.equal(`${prefix}/metadata/profiles/extensions/Phone`);
  const { Address: _, ...body } = HULK;
  const created = await send('POST', `${prefix}/profiles`, { body });
  const location = `${prefix}/profiles/${HULK.customer_id}`;
  expect(created.headers.get('location')).to.equal(location);
  const replaced = await send('PUT', location, { body });
  expect([replaced.status, replaced.headers.get('content-location')]).to.deep.equal([200, location]);
  expect((await send('GET', `${location}?extensions=Phone`)).body).to.deep.equal(body);
  expect((await send('PATCH', location, { body: {} })).headers.get('content-location')).to.equal(location);
  expect((await send('POST', location)).status).to.equal(405);
  for (const path of [`${prefix}/nowhere`, `${prefix}/profiles/a/b`]) {
    expect((await send('GET', path)).body.code).to.equal('not_found');
  }
  expect((await send('DELETE', location)).status).to.equal(200);
  expect((await send('GET', `${prefix}/server/status`)).status).to.equal(200);
}

describe('HTTP: mounting the API', () => {
  it('at the root', () => converse(createApiHarness().send, ''));

  it('below basePath', async () => {
    for (const basePath of ['/crm', '/crm/v1.0'])
      await converse(senderTo(createApiHarness({ basePath }).api), basePath);
    const send = senderTo(createApiHarness({ basePath: '/crm' }).api);
    for (const path of ['/profiles/x', '/', '/crmprofiles/x']) {
      const { status, body } = await send('GET', path);
      expect([status, body.code]).to.deep.equal([404, 'not_found']);
    }
  });

  it('mounted in a Hono app with its own routes, errors and unknown paths', async () => {
    const host = new Hono();
    host.onError((_, context) => context.text('"host error"', 500));
    host.notFound((context) => context.text('"host not found"', 404));
    host.route('/crm', createApiHarness().api);
    host.get('/about', (context) => context.text('"host"'));
    const send = senderTo(host);
    await converse(send, '/crm');
    expect([(await send('GET', '/about')).body, (await send('GET', '/other')).body]).to.deep.equal([
      'host',
      'host not found',
    ]);
  });

  it('mounted with a basePath in a Hono app', () => {
    const host = new Hono().route('/a', createApiHarness({ basePath: '/b' }).api);
    return converse(senderTo(host), '/a/b');
  });

  it('as a web-standard handler', () => {
    const { api } = createApiHarness();
    return converse(
      senderTo({ request: (path, init) => api.fetch(new Request(`https://example.com${path}`, init)) }),
      '',
    );
  });

  it('twice in one process, without shared state', async () => {
    const [one, other] = [createApiHarness(), createApiHarness()];
    await one.schemas.define('1', HULK_SCHEMA);
    expect((await other.send('GET', '/metadata/profiles')).status).to.equal(404);
  });
});
