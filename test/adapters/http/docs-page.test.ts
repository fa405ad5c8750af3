import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { isDossierError } from 'dossier';
import { Hono } from 'hono';
import { folderOfPackage } from '../../../adapters/http/docs-page/installed-package.js';
import { createApiHarness, senderTo } from './api-harness.js';

const FILES: Readonly<Record<string, string>> = {
  '/docs': 'text/html; charset=utf-8',
  '/docs/open-page.js': 'text/javascript; charset=utf-8',
  '/docs/swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  '/docs/swagger-ui.css': 'text/css; charset=utf-8',
  '/docs/index.css': 'text/css; charset=utf-8',
};

/** A policy without `unsafe-…` and without other hosts. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

describe('HTTP: GET /docs', () => {
  const { api } = createApiHarness();
  const send = senderTo(api);

  for (const [path, mediaType] of Object.entries(FILES)) {
    it(`${path} has its media type and a strict content security policy`, async () => {
      const { status, headers } = await api.request(path);
      expect(status).to.equal(200);
      expect(Object.fromEntries(headers)).to.include({
        'content-type': mediaType,
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
    });

    it(`${path} is a 304 with its ETag in If-None-Match`, async () => {
      const first = await api.request(path);
      const etag = first.headers.get('etag') ?? '';
      for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
        const again = await api.request(path, { headers: { 'if-none-match': known } });
        expect([again.status, await again.text(), again.headers.get('etag')]).to.deep.equal([304, '', etag]);
        expect(again.headers.get('content-security-policy')).to.equal(POLICY);
      }
      expect((await api.request(path, { headers: { 'if-none-match': '"x"' } })).status).to.equal(200);
    });
  }

  it('redirects from a trailing slash to the page, wherever the API is mounted', async () => {
    const host = new Hono().route('/crm', api);
    for (const [app, path] of [
      [api, '/docs/'],
      [host, '/crm/docs/'],
    ] as const) {
      const { status, headers } = await app.request(path);
      expect([status, headers.get('location')]).to.deep.equal([308, '../docs']);
    }
  });

  it('every file has its own ETag', async () => {
    const tags = await Promise.all(
      Object.keys(FILES).map(async (path) => (await api.request(path)).headers.get('etag')),
    );
    expect(new Set(tags).size).to.equal(tags.length);
  });

  it('serves the files of swagger-ui-dist byte for byte', async () => {
    const resolve = createRequire(import.meta.url).resolve;
    for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css', 'index.css']) {
      const answered = Buffer.from(await (await api.request(`/docs/${file}`)).arrayBuffer());
      expect(answered.equals(await readFile(resolve(`swagger-ui-dist/${file}`))), file).to.equal(true);
    }
  });

  it('the page has no inline script or style, and relative URLs only', async () => {
    const html = await (await api.request('/docs')).text();
    expect(html).not.to.match(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]* src=)/i);
    const addresses = Array.from(html.matchAll(/(?:src|href)="([^"]*)"/g), ([, address]) => address);
    expect(addresses.sort()).to.deep.equal([
      'data:,',
      'docs/index.css',
      'docs/open-page.js',
      'docs/swagger-ui-bundle.js',
      'docs/swagger-ui.css',
      'openapi.json',
    ]);
    expect(await (await api.request('/docs/open-page.js')).text()).to.contain('"url":"openapi.json"');
  });

  it('is public and needs no tenant, like the OpenAPI document', async () => {
    const closed = createApiHarness({ defaultTenant: undefined, authenticate: () => undefined });
    for (const path of Object.keys(FILES)) expect((await closed.api.request(path)).status, path).to.equal(200);
  });

  it('is below the base path of the API', async () => {
    const host = new Hono().route('/host', createApiHarness({ basePath: '/crm' }).api);
    for (const path of Object.keys(FILES)) expect((await host.request(`/host/crm${path}`)).status, path).to.equal(200);
  });

  it('supports GET and HEAD only', async () => {
    for (const path of Object.keys(FILES)) {
      const head = await api.request(path, { method: 'HEAD' });
      expect([head.status, await head.text()], path).to.deep.equal([200, '']);
      const { status, headers } = await send('POST', path);
      expect([status, headers.get('allow')], path).to.deep.equal([405, 'GET, HEAD']);
    }
  });

  it('serves no other file', async () => {
    for (const path of [
      '/docs/package.json',
      '/docs/swagger-ui.js',
      '/docs/..%2Fpackage.json',
      '/docs/%2e%2e/%2e%2e/package.json',
      '/docs/swagger-ui.css/../package.json',
      '/docs/swagger-ui.css%00',
    ]) {
      expect((await send('GET', path)).status, path).to.equal(404);
    }
  });

  it('is not in the OpenAPI document', async () => {
    const { body } = await send('GET', '/openapi.json');
    expect(Object.keys(body.paths).filter((path) => path.startsWith('/docs'))).to.deep.equal([]);
  });

  it('is a 404 with the install command if swagger-ui-dist is not installed', async () => {
    const failure = await folderOfPackage('package-that-is-not-installed').catch((error: unknown) => error);
    expect(isDossierError(failure) && [failure.code, failure.message]).to.deep.equal([
      'not_found',
      'This page needs the package package-that-is-not-installed, which is not installed on the server. ' +
        'Run: npm install package-that-is-not-installed',
    ]);
  });
});
