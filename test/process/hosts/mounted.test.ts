import { request as httpRequest } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { createDossier } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import { HULK, HULK_SCHEMA } from '../../adapters/http/hulk.js';
import { listening } from '../../adapters/http/listening.js';
import { revisionOf } from '../../adapters/http/tags.js';
import { connected, received } from '../../raw-connection.js';
import { HOSTS } from './in-host.js';

const PATH = `/crm/profiles/${HULK.customer_id}`;
const JSON_TYPE = { 'content-type': 'application/json' };
const WRITER = { ...JSON_TYPE, authorization: 'Bearer writer' };

for (const [name, mount] of Object.entries(HOSTS)) {
  describe(`The example host on ${name}`, () => {
    const open = async (authenticate?: null) => {
      const services = createDossier({ repository: new InMemoryProfileRepository() });
      await services.schemas.define('1', HULK_SCHEMA);
      // Without this option the host's own authentication decides.
      const anyone = authenticate === null ? { authenticate: undefined } : {};
      const origin = await listening(await mount(services, { defaultTenant: '1', ...anyone }));
      const create = () =>
        fetch(`${origin}/crm/profiles`, { method: 'POST', headers: WRITER, body: JSON.stringify(HULK) });
      return { ...services, origin, create };
    };

    it('serves its own routes and body parsers next to the API', async () => {
      const { origin, create } = await open();
      expect((await create()).status).to.equal(201);
      const echo = await fetch(`${origin}/echo`, { method: 'POST', headers: JSON_TYPE, body: '{"a": 1}' });
      expect([echo.status, await echo.json()]).to.deep.equal([200, { a: 1 }]);
      // A repeated member, which the host's body parser would drop.
      const repeated = { method: 'PUT', headers: WRITER, body: '{"FirstName": "a", "FirstName": "b"}' };
      expect((await fetch(`${origin}${PATH}`, repeated)).status).to.equal(400);
    });

    // In the other examples the framework does this, and logs to the console.
    if (name === 'node-http') {
      it('responds to invalid JSON on its own route, and keeps serving', async () => {
        const { origin } = await open();
        const echo = async (body: string) =>
          (await fetch(`${origin}/echo`, { method: 'POST', headers: JSON_TYPE, body })).status;
        expect(await echo('{')).to.be.within(400, 500);
        expect(await echo('{}')).to.equal(200);
      });
    }

    it('uses the principal and role of its own authentication', async () => {
      const { origin, create } = await open();
      await create();
      const statusOf = async (method: string, headers: Record<string, string>) =>
        (await fetch(`${origin}${PATH}`, { method, headers })).status;
      expect(await statusOf('GET', {})).to.equal(401);
      expect(await statusOf('GET', { authorization: 'Bearer nobody' })).to.equal(401);
      expect(await statusOf('GET', { authorization: 'Bearer reader' })).to.equal(200);
      expect(await statusOf('DELETE', { authorization: 'Bearer reader' })).to.equal(401);
      expect(await statusOf('DELETE', { authorization: 'Bearer writer' })).to.equal(200);
    });

    it('does not modify process globals', async () => {
      const before = [globalThis.Request, globalThis.Response];
      await open();
      expect([globalThis.Request, globalThis.Response]).to.deep.equal(before);
    });

    const rawRequests: Record<string, readonly [status: number, request: string]> = {
      'dot segments within the prefix': [200, 'GET /crm/profiles/../server/status HTTP/1.1\r\nHost: x\r\n\r\n'],
      'dot segments out of the prefix': [404, 'GET /crm/../profiles/x HTTP/1.1\r\nHost: x\r\n\r\n'],
      'encoded dot segments': [200, 'GET /crm/profiles/%2e%2e/server/status HTTP/1.1\r\nHost: x\r\n\r\n'],
      'invalid percent-encoding': [404, 'GET /crm/%ff%zz/x HTTP/1.1\r\nHost: x\r\n\r\n'],
      'a trailing slash': [200, 'GET /crm/profiles/?FirstName=x HTTP/1.1\r\nHost: x\r\n\r\n'],
      'two tenants': [400, `GET ${PATH} HTTP/1.1\r\nHost: x\r\nX-Genesys-TenantId: 1\r\nX-Genesys-TenantId: 2\r\n\r\n`],
      'a chunked body': [
        200,
        `PUT ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n` +
          '2\r\n{}\r\n0\r\n\r\n',
      ],
      'an empty body': [415, `PUT ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`],
      'a merge without a body': [404, `PUT ${PATH}/merge/other HTTP/1.1\r\nHost: x\r\n\r\n`],
      'a GET with a body': [200, `GET ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`],
      TRACE: [405, `TRACE ${PATH} HTTP/1.1\r\nHost: x\r\n\r\n`],
      'a WebDAV method': [405, `PROPFIND ${PATH} HTTP/1.1\r\nHost: x\r\n\r\n`],
    };
    for (const [what, [status, request]] of Object.entries(rawRequests)) {
      it(`${what}: ${status}`, async () => {
        const { origin, schemas, create } = await open(null);
        await create();
        await schemas.addKey('1', { name: 'byName', attributes: ['FirstName'] });
        const socket = await connected(origin);
        const answer = received(socket);
        socket.write(request);
        await answer.until(/^HTTP\/1\.1 \d{3} /);
        socket.destroy();
        expect(answer.text.slice(0, 'HTTP/1.1 200'.length)).to.equal(`HTTP/1.1 ${status}`);
      });
    }

    it('responds to HEAD without a body, and to the next request on the same connection', async () => {
      const { origin, create } = await open(null);
      await create();
      const socket = await connected(origin);
      const answers = received(socket);
      socket.write(`HEAD ${PATH} HTTP/1.1\r\nHost: x\r\n\r\nGET /crm/server/status HTTP/1.1\r\nHost: x\r\n\r\n`);
      await answers.until(/"ok"/);
      socket.destroy();
      expect(answers.text).to.match(/^HTTP\/1\.1 200 [^{]*HTTP\/1\.1 200 [^{]*\{"status":"ok".*\}$/);
    });

    it('changes nothing on an incomplete body, and keeps serving', async () => {
      const { origin, create } = await open(null);
      await create();
      const socket = await connected(origin);
      const head = `PUT ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n`;
      await new Promise((resolve) => socket.write(`${head}{"FirstName": "Hu`, resolve));
      socket.destroy();
      const got = await fetch(`${origin}${PATH}`);
      expect([revisionOf(got), ((await got.json()) as { FirstName: string }).FirstName]).to.deep.equal([1, 'Bruce']);
    });

    it('imports rows while they arrive, and responds at the end', async () => {
      const { origin, profiles } = await open(null);
      const headers = { 'content-type': 'application/x-ndjson' };
      const importing = httpRequest(`${origin}/crm/profiles/import`, { method: 'POST', headers });
      const answered = new Promise<string>((resolve, reject) => {
        importing.once('error', reject);
        importing.once('response', async (response) => resolve((await response.toArray()).join('')));
      });
      // More rows than one batch, so that the first are stored before the last are sent.
      for (let row = 0; row < 5_000; row += 1) importing.write(`{"customer_id":"c${row}","FirstName":"x"}\n`);
      const isThere = () =>
        profiles.get('1', 'c0').then(
          () => true,
          () => false,
        );
      for (let tries = 0; tries < 500 && !(await isThere()); tries += 1) await setTimeout(10);
      expect(await isThere()).to.equal(true);
      importing.end('{"customer_id":"last"}\n');
      expect(JSON.parse(await answered)).to.include({ created: 5_001, failed: 0, complete: true });
    });
  });
}
