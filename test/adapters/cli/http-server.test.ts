import { once } from 'node:events';
import { expect } from 'chai';
import { type HttpServer, listen, type ServerTimeouts } from '../../../adapters/cli/http-server.js';
import type { RefusalLogEntry } from '../../../adapters/cli/refusal.js';
import { connected, received } from '../../raw-connection.js';

/** Longer than any test takes. */
const ENDLESS = 3_600_000;
const SHORT = 50;

describe('dossier serve: timeouts', () => {
  const servers: HttpServer[] = [];
  /** Resolves when the handler, which never answers, has a request. */
  let arrived: Promise<void>;

  const start = async (timeouts: Partial<ServerTimeouts>) => {
    let tell = () => {};
    arrived = new Promise((resolve) => {
      tell = resolve;
    });
    const silent = () => {
      tell();
      return new Promise<Response>(() => {});
    };
    const limits = { headers: ENDLESS, idle: ENDLESS, shutdown: SHORT, ...timeouts };
    const server = await listen(silent, { host: '127.0.0.1', port: 0, timeouts: limits });
    servers.push(server);
    return { server, url: `http://127.0.0.1:${server.port}/` };
  };

  afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

  it('answers 408 to incomplete headers', async () => {
    const { url } = await start({ headers: SHORT });
    const socket = await connected(url);
    const answer = received(socket);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
    await once(socket, 'close');
    expect(answer.text).to.match(/^HTTP\/1\.1 408 /);
  });

  it('closes an idle connection, also within a request', async () => {
    const { url } = await start({ idle: SHORT });
    for (const request of ['', 'PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{']) {
      const socket = await connected(url);
      const answer = received(socket);
      socket.write(request);
      await once(socket, 'close');
      expect(answer.text).to.equal('');
    }
  });

  it('stops despite a request that is never answered', async () => {
    const { server, url } = await start({});
    const socket = await connected(url);
    const closed = once(socket, 'close');
    socket.resume().write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await arrived;
    await server.stop();
    await closed;
    expect(await connected(url).catch(({ code }) => code)).to.equal('ECONNREFUSED');
  });
});

describe('dossier serve: requests that do not reach the API', () => {
  const servers: HttpServer[] = [];
  const refused: RefusalLogEntry[] = [];

  const start = async (localOnly: boolean) => {
    const answer = () => new Response('reached');
    const onRefused = (entry: RefusalLogEntry) => refused.push(entry);
    const server = await listen(answer, { host: '127.0.0.1', port: 0, localOnly, onRefused });
    servers.push(server);
    return `http://127.0.0.1:${server.port}/`;
  };

  const answerTo = async (url: string, request: string) => {
    const socket = await connected(url);
    const answer = received(socket);
    socket.end(request);
    await once(socket, 'close');
    return answer.text;
  };

  beforeEach(() => {
    refused.length = 0;
  });
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

  const early: Record<string, readonly [status: number, method: string | undefined, request: string]> = {
    'no host': [400, 'GET', 'GET / HTTP/1.1\r\n\r\n'],
    'two hosts': [400, 'GET', 'GET / HTTP/1.1\r\nHost: localhost\r\nhost: localhost\r\n\r\n'],
    'an invalid host': [400, 'GET', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n'],
    'a target that is not a URI': [400, 'GET', 'GET http://[/x HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    'an unknown expectation': [417, 'GET', 'GET / HTTP/1.1\r\nHost: localhost\r\nExpect: gold\r\n\r\n'],
    'not HTTP': [400, undefined, 'garbage\r\n\r\n'],
    'headers of 100 KiB': [431, undefined, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
  };
  for (const [what, [status, method, request]] of Object.entries(early)) {
    it(`${what}: ${status} with a problem document, X-Request-Id, Vary and a log entry`, async () => {
      const text = await answerTo(await start(false), request);
      expect(text).to.match(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(text).to.match(/^content-type: application\/problem\+json\r$/im);
      expect(text).to.match(/^vary: authorization, x-genesys-tenantid\r$/im);
      expect(text).to.match(/^cache-control: private, no-cache, no-transform\r$/im);
      expect(text).to.match(/"code":"malformed_request"/);
      const requestId = /^x-request-id: (.+)\r$/im.exec(text)?.[1];
      expect(requestId).to.match(/^[0-9a-f-]{36}$/);
      expect(refused).to.deep.equal([{ requestId, method, status, code: 'malformed_request', client: '127.0.0.1' }]);
    });
  }

  it('takes the request id of the request', async () => {
    const text = await answerTo(await start(false), 'GET / HTTP/1.1\r\nX-Request-Id: order 7\r\n\r\n');
    expect(text).to.match(/^x-request-id: order 7\r$/im);
    expect(refused[0]?.requestId).to.equal('order 7');
  });

  describe('not_local: without credentials', () => {
    const local: readonly Readonly<Record<string, string>>[] = [
      { Host: 'localhost' },
      { Host: 'LOCALHOST:8080' },
      { Host: 'api.localhost' },
      { Host: '127.0.0.1:8080' },
      { Host: '127.9.9.9' },
      { Host: '[::1]:8080' },
      { Host: 'localhost', Origin: 'http://localhost:5173', 'Sec-Fetch-Site': 'same-site' },
      { Host: 'localhost', Origin: 'http://127.0.0.1:8080', 'Sec-Fetch-Site': 'same-origin' },
      { Host: 'localhost', 'Sec-Fetch-Site': 'none' },
      { Host: 'localhost', 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' },
    ];
    const foreign: readonly Readonly<Record<string, string>>[] = [
      { Host: 'evil.example' },
      { Host: 'evil.example:8080' },
      { Host: 'localhost.evil.example' },
      { Host: '127.0.0.1.evil.example' },
      { Host: '10.0.0.7' },
      { Host: '0.0.0.0' },
      { Host: '[::]' },
      { Host: 'localhost', Origin: 'https://evil.example' },
      { Host: 'localhost', Origin: 'null' },
      { Host: 'localhost', 'Sec-Fetch-Site': 'cross-site' },
      { Host: 'localhost', 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' },
    ];
    const requestWith = (headers: Readonly<Record<string, string>>, method = 'GET') =>
      [`${method} / HTTP/1.1`, ...Object.entries(headers).map((entry) => entry.join(': ')), '', ''].join('\r\n');

    for (const headers of local) {
      it(`answers ${JSON.stringify(headers)}`, async () => {
        expect(await answerTo(await start(true), requestWith(headers))).to.match(/^HTTP\/1\.1 200 /);
      });
    }

    for (const headers of foreign) {
      it(`refuses ${JSON.stringify(headers)}, but not with credentials`, async () => {
        const text = await answerTo(await start(true), requestWith(headers));
        expect(text)
          .to.match(/^HTTP\/1\.1 403 /)
          .and.to.include('"code":"not_local"');
        expect(refused.map(({ status, code }) => [status, code])).to.deep.equal([[403, 'not_local']]);
        expect(await answerTo(await start(false), requestWith(headers))).to.match(/^HTTP\/1\.1 200 /);
      });
    }

    it('refuses a change by a navigation from another site, and a foreign target', async () => {
      const url = await start(true);
      const navigating = { Host: 'localhost', 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };
      expect(await answerTo(url, requestWith(navigating, 'POST'))).to.match(/^HTTP\/1\.1 403 /);
      const foreignTarget = 'GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n';
      expect(await answerTo(url, foreignTarget)).to.match(/^HTTP\/1\.1 403 /);
    });
  });
});
