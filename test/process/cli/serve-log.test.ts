import { expect } from 'chai';
import { CliSandbox } from './cli-process.js';

describe('dossier serve: log', function () {
  this.timeout(60_000);
  const sandbox = new CliSandbox();
  after(() => sandbox.dispose());

  it('is one line of JSON per request, without personal data', async () => {
    const server = await sandbox.run('serve', '--port', '0', '--database', 'memory:', '--default-tenant', '1');
    const url = await server.ready();
    const put = (path: string, body: object) =>
      fetch(`${url}${path}`, {
        method: 'PUT',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    const answers = [
      await put('metadata/profiles', { attributes: [{ name: 'Secret', type: 'string' }] }),
      await put('profiles/secret-id', { Secret: 'secret' }),
      await fetch(`${url}profiles/secret-id?q=secret`),
      await fetch(`${url}secret`),
      await fetch(`${url}profiles/secret-id`, { headers: { 'x-genesys-tenantid': 'secret' } }),
    ];
    server.signal('SIGTERM');
    await server.exit();

    const [, ...lines] = server.stdout.trimEnd().split('\n');
    expect(lines.join('\n')).not.to.match(/secret/i);
    const entries = lines.map((line) => JSON.parse(line));
    expect(entries.map(({ method, route, status, tenant }) => [method, route, status, tenant])).to.deep.equal([
      ['PUT', '/metadata/profiles', 200, '1'],
      ['PUT', '/profiles/{customer_id}', 404, '1'],
      ['GET', '/profiles/{customer_id}', 404, '1'],
      ['GET', undefined, 404, '1'],
      ['GET', '/profiles/{customer_id}', 400, undefined],
    ]);
    for (const [index, { time, level, durationMs, requestId }] of entries.entries()) {
      expect(new Date(time).toISOString()).to.equal(time);
      expect([level, typeof durationMs]).to.deep.equal(['info', 'number']);
      expect(requestId).to.equal(answers[index]?.headers.get('x-request-id'));
    }
    expect(server.stderr).to.match(
      /^Console .+\nDatabase: memory: .+\nAccess: this machine only, .+\nAPI docs .+\nPress Ctrl\+C to stop\.\n$/,
    );
  });
});
