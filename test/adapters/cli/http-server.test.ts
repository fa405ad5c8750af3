import { once } from 'node:events';
import { expect } from 'chai';
import { type HttpServer, listen, type ServerPatience } from '../../../adapters/cli/http-server.js';
import { connected, received } from '../../raw-connection.js';

/** Longer than any test may take. */
const ENDLESS = 3_600_000;
const SHORT = 50;

describe('dossier serve: how long it waits', () => {
  const servers: HttpServer[] = [];
  /** Tells that a request has arrived that is never answered. */
  let arrived: Promise<void>;

  const start = async (patience: Partial<ServerPatience>) => {
    let tell = () => {};
    arrived = new Promise((resolve) => {
      tell = resolve;
    });
    const silent = () => {
      tell();
      return new Promise<Response>(() => {});
    };
    const limits = { headers: ENDLESS, silence: ENDLESS, stop: SHORT, ...patience };
    const server = await listen(silent, '127.0.0.1', 0, limits);
    servers.push(server);
    return { server, url: `http://127.0.0.1:${server.port}/` };
  };

  afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

  it('headers that do not come to their end are a 408', async () => {
    const { url } = await start({ headers: SHORT });
    const socket = await connected(url);
    const answer = received(socket);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
    await once(socket, 'close');
    expect(answer.text).to.match(/^HTTP\/1\.1 408 /);
  });

  it('a connection on which nothing moves is closed, also in the middle of a request', async () => {
    const { url } = await start({ silence: SHORT });
    for (const request of ['', 'PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{']) {
      const socket = await connected(url);
      const answer = received(socket);
      socket.write(request);
      await once(socket, 'close');
      expect(answer.text).to.equal('');
    }
  });

  it('a request that is never answered does not keep it from stopping', async () => {
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
