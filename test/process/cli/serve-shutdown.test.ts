import { once } from 'node:events';
import { expect } from 'chai';
import { connected, received } from '../../raw-connection.js';
import { CliSandbox } from './cli-process.js';

const PATH = '/profiles/00027a52JCGY000M';

/** Resolves once the address refuses connections. */
async function refused(url: string): Promise<void> {
  for (;;) {
    try {
      (await connected(url)).destroy();
    } catch {
      return;
    }
  }
}

describe('dossier serve: graceful shutdown', function () {
  this.timeout(60_000);
  let sandbox: CliSandbox;

  beforeEach(() => {
    sandbox = new CliSandbox();
  });
  afterEach(() => sandbox.dispose());

  const serve = () => sandbox.run('serve', '--port', '0', '--default-tenant', '1', '--example');

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`${signal} during a request: it is answered and stored, new connections are refused, exit code 0`, async () => {
      const server = await serve();
      const url = await server.ready();
      const socket = await connected(url);
      const answer = received(socket);
      const body = JSON.stringify({ FirstName: 'Hulk', DOB: null });
      const head = ['Host: localhost', 'Content-Type: application/json', `Content-Length: ${body.length}`];
      socket.write(`PUT ${PATH} HTTP/1.1\r\n${head.join('\r\n')}\r\nExpect: 100-continue\r\n\r\n`);
      await answer.until(/^HTTP\/1\.1 100 /);

      server.signal(signal);
      await refused(url);
      socket.write(body);
      await once(socket, 'close');
      expect(answer.text).to.match(/HTTP\/1\.1 200 OK/);
      expect(answer.text).to.match(/^connection: close\r$/im);
      expect(await server.exit()).to.equal(0);
      expect(server.stderr).to.match(/^Console .+\nDatabase: .+\nAccess: .+\nAPI docs .+\nPress .+\n$/);

      const again = await (await serve()).ready();
      const stored = (await (await fetch(new URL(PATH, again))).json()) as object;
      expect(stored).to.deep.equal({ customer_id: '00027a52JCGY000M', FirstName: 'Hulk' });
    });
  }

  it('does not wait for idle connections', async () => {
    const server = await serve();
    const url = await server.ready();
    const fresh = await connected(url);
    const keptAlive = await connected(url);
    const answer = received(keptAlive);
    keptAlive.write('GET /server/status HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await answer.until(/"ok"/);
    const closed = Promise.all([once(fresh, 'close'), once(keptAlive, 'close')]);
    fresh.resume();
    server.signal('SIGTERM');
    await closed;
    expect(await server.exit()).to.equal(0);
  });

  it('--drain-delay: the status is a 503 while everything else is answered, until the server stops listening', async () => {
    const server = await sandbox.run('serve', '--port', '0', '--database', 'memory:', '--drain-delay', '3');
    const url = await server.ready();
    const probe = () => fetch(`${url}server/status?x=1`, { headers: { connection: 'close' } });
    expect((await probe()).status).to.equal(200);
    server.signal('SIGTERM');
    let drained = await probe();
    while (drained.status === 200) drained = await probe();
    expect([drained.status, (await drained.json()) as { code: string }]).to.have.nested.property(
      '[1].code',
      'shutting_down',
    );
    expect(drained.status).to.equal(503);
    expect((await fetch(`${url}openapi.json`)).status).to.equal(200);
    await refused(url);
    expect(await server.exit()).to.equal(0);
  });
});
