import { expect } from 'chai';
import { connected, received } from '../../raw-connection.js';
import { CliSandbox } from './cli-process.js';

describe('dossier serve: malformed and unusual requests', function () {
  this.timeout(60_000);
  const sandbox = new CliSandbox();
  let url: string;

  before(async () => {
    url = await (await sandbox.run('serve', '--port', '0', '--database', 'memory:', '--default-tenant', '1')).ready();
  });
  after(() => sandbox.dispose());

  const statusOf = async (request: string) => {
    const socket = await connected(url);
    const answer = received(socket);
    socket.write(request);
    await answer.until(/^HTTP\/1\.1 \d{3} /);
    socket.destroy();
    return Number(answer.text.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3));
  };

  const requests: Record<string, readonly [status: number, request: string]> = {
    'HTTP/1.0 without a host, as load balancers send': [200, 'GET /server/status HTTP/1.0\r\n\r\n'],
    'a target in absolute form': [200, 'GET http://localhost/server/status HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    'an invalid host': [400, 'GET /server/status HTTP/1.1\r\nHost: a b\r\n\r\n'],
    'a host with a path': [400, 'GET /server/status HTTP/1.1\r\nHost: a/../b\r\n\r\n'],
    'a target that is not a URI': [400, 'GET http://[/server HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    'the target *': [400, 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    'invalid percent-encoding': [404, 'GET /%ff%zz/x HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    TRACE: [405, 'TRACE /profiles/x HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    'not HTTP': [400, 'garbage\r\n\r\n'],
    'no host': [400, 'GET /server/status HTTP/1.1\r\n\r\n'],
    'two hosts': [400, 'GET /server/status HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n'],
    'another host, without credentials': [403, 'GET /server/status HTTP/1.1\r\nHost: evil.example\r\n\r\n'],
    'two tenants': [
      400,
      'GET /profiles/x HTTP/1.1\r\nHost: localhost\r\nX-Genesys-TenantId: 1\r\nX-Genesys-TenantId: 2\r\n\r\n',
    ],
    'an invalid chunk': [
      400,
      'PUT /profiles/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
  };
  for (const [what, [status, request]] of Object.entries(requests)) {
    it(`${what}: ${status}`, async () => {
      expect(await statusOf(request)).to.equal(status);
    });
  }

  it('too_large: refuses a body of 64 MiB while it is received, and keeps serving', async () => {
    const body = new ReadableStream({
      start: (controller) => {
        for (let index = 0; index < 64; index += 1) controller.enqueue(new Uint8Array(2 ** 20));
        controller.close();
      },
    });
    const init = { method: 'PUT', body, duplex: 'half', headers: { 'content-type': 'application/json' } } as const;
    const status = await fetch(`${url}profiles/x`, init).then(
      (answer) => answer.status,
      () => 'disconnected',
    );
    expect(status).to.be.oneOf([413, 'disconnected']);
    expect((await fetch(`${url}server/status`)).status).to.equal(200);
  });
});
