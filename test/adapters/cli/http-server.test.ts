import { once } from 'node:events';
import { expect } from 'chai';
import { type HttpServer, listen, type ServerTimeouts } from '../../../adapters/cli/http-server.js';
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
    const server = await listen(silent, '127.0.0.1', 0, limits);
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
