import { access, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { createProgram } from '../../../adapters/cli/program.js';
import { CliSandbox } from './cli-process.js';

describe('dossier serve: options', function () {
  this.timeout(60_000);
  let sandbox: CliSandbox;

  beforeEach(() => {
    sandbox = new CliSandbox();
  });
  afterEach(() => sandbox.dispose());

  const serve = (...args: string[]) => sandbox.run('serve', '--port', '0', ...args);

  it('have safe defaults', () => {
    const command = createProgram().commands.find((candidate) => candidate.name() === 'serve');
    expect(command?.opts()).to.deep.equal({
      port: 8080,
      host: '127.0.0.1',
      database: { kind: 'sqlite', filename: './dossier.db' },
      basePath: '/',
      poolSize: 10,
      statementTimeout: 30,
      maxBodyBytes: 2 ** 20,
      bodyTimeout: 30,
      minBodyRate: 1_024,
      maxPageBytes: 2 ** 23,
      drainDelay: 0,
    });
  });

  it('--port 0 takes a free port, and the first line names it', async () => {
    const server = await serve('--database', 'memory:');
    expect(await server.ready()).to.match(/^http:\/\/127\.0\.0\.1:[1-9][0-9]*\/$/);
    expect(server.stdout.split('\n')).to.have.length(2);
  });

  it('without --database, the file is dossier.db in the current directory', async () => {
    await (await serve()).ready();
    await access(join(await sandbox.directory(), 'dossier.db'));
  });

  it('a database file that it creates, and those of SQLite beside it, are for their owner alone', async () => {
    const server = await serve('--default-tenant', '1', '--example');
    await server.ready();
    for (const suffix of ['', '-wal', '-shm']) {
      const { mode } = await stat(join(await sandbox.directory(), `dossier.db${suffix}`));
      expect(mode & 0o777, suffix).to.equal(0o600);
    }
  });

  it('--max-body-bytes limits a body, and --require-expected-revision refuses a change without one', async () => {
    const options = ['--max-body-bytes', '100', '--require-expected-revision', '--default-tenant', '1', '--example'];
    const url = await (await serve('--database', 'memory:', ...options)).ready();
    const put = (body: object) =>
      fetch(`${url}profiles/00027a52JCGY000M`, {
        method: 'PUT',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    expect((await put({ FirstName: 'x'.repeat(100) })).status).to.equal(413);
    expect((await put({})).status).to.equal(428);
  });

  it('L2: --loss-guard protects what the schema does not', async () => {
    for (const [options, status] of [
      [[], 200],
      [['--loss-guard'], 409],
    ] as const) {
      const args = ['--database', 'memory:', '--default-tenant', '1', '--example', ...options];
      const url = await (await serve(...args)).ready();
      const body = JSON.stringify({ FirstName: 'Bruce', DOB: '1962-05-10' });
      const headers = { 'content-type': 'application/json' };
      expect((await fetch(`${url}profiles/00027a52JCGY000M`, { method: 'PUT', body, headers })).status).to.equal(
        status,
      );
    }
  });

  it('H5: --history says which former states are kept', async () => {
    for (const [policy, status, states] of [
      ['all', 200, 3],
      ['revisions=1', 200, 2],
      ['none', 501, undefined],
    ] as const) {
      const options = ['--history', policy, '--default-tenant', '1', '--example'];
      const url = await (await serve('--database', 'memory:', ...options)).ready();
      const headers = { 'content-type': 'application/json' };
      for (const FirstName of ['Robert', 'Bob']) {
        const body = JSON.stringify({ FirstName, DOB: '1962-05-10' });
        await fetch(`${url}profiles/00027a52JCGY000M`, { method: 'PUT', body, headers });
      }
      const response = await fetch(`${url}profiles/00027a52JCGY000M/history`);
      expect(response.status, policy).to.equal(status);
      if (states !== undefined) expect(await response.json(), policy).to.have.length(states);
    }
  });

  it('--body-timeout and --min-body-rate end a body that arrives too slowly', async () => {
    const options = ['--body-timeout', '1', '--min-body-rate', '1000000', '--default-tenant', '1'];
    const url = await (await serve('--database', 'memory:', ...options)).ready();
    const opening = new TextEncoder().encode(' '.repeat(5_000));
    // By the default rate, these bytes would pay for five seconds.
    const body = new ReadableStream({ start: (controller) => controller.enqueue(opening) });
    const headers = { 'content-type': 'application/json' };
    const begun = performance.now();
    const init: RequestInit & { duplex: 'half' } = { method: 'PUT', body, headers, duplex: 'half' };
    const { status } = await fetch(`${url}metadata/profiles`, init);
    expect(status).to.equal(408);
    expect(performance.now() - begun).to.be.within(900, 4_000);
  });

  it('W6: --max-page-bytes bounds a page', async () => {
    const url = await (
      await serve('--database', 'memory:', '--max-page-bytes', '100', '--default-tenant', '1')
    ).ready();
    const send = (method: string, path: string, body: object) =>
      fetch(url + path, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
    await send('PUT', 'metadata/profiles', { attributes: ['Group', 'Note'].map((name) => ({ name, type: 'string' })) });
    await send('POST', 'metadata/identification-keys', { name: 'byGroup', attributes: ['Group'] });
    for (const customer_id of ['a', 'b'])
      await send('POST', 'profiles', { customer_id, Group: 'x', Note: 'y'.repeat(80) });
    const page = await fetch(`${url}profiles?Group=x&include_profile=yes`);
    expect(await page.json()).to.have.length(1);
    expect(page.headers.get('link')).to.include('rel="next"');
  });

  it('W1: without --default-tenant, a request must name its tenant', async () => {
    const url = await (await serve('--database', 'memory:')).ready();
    expect((await fetch(`${url}metadata/profiles`)).status).to.equal(400);
    expect((await fetch(`${url}metadata/profiles`, { headers: { 'x-genesys-tenantid': '1' } })).status).to.equal(404);
  });

  it('W1: --default-tenant applies to requests that name no tenant', async () => {
    const url = await (await serve('--database', 'memory:', '--default-tenant', '007')).ready();
    const body = JSON.stringify({ attributes: [] });
    await fetch(`${url}metadata/profiles`, { method: 'PUT', body, headers: { 'content-type': 'application/json' } });
    expect((await fetch(`${url}metadata/profiles`, { headers: { 'x-genesys-tenantid': '7' } })).status).to.equal(200);
  });

  it('--base-path mounts the API at a path', async () => {
    const url = await (await serve('--database', 'memory:', '--base-path', '/crm/v1')).ready();
    expect(url).to.match(/:[0-9]+\/crm\/v1\/$/);
    expect((await fetch(`${url}server/status`)).status).to.equal(200);
    expect((await fetch(new URL('/server/status', url))).status).to.equal(404);
  });

  it('prints the address of the console first', async () => {
    const server = await serve('--database', 'memory:', '--base-path', '/crm', '--default-tenant', '1', '--example');
    await server.ready();
    const [, page = ''] = /^Console [^\n]*: (\S+)\n/.exec(server.stderr) ?? [];
    expect(page).to.match(/:[0-9]+\/crm\/console$/);
    expect(await (await fetch(page)).text()).to.include('Find a customer');
  });

  it('prints the address of the API docs', async () => {
    const server = await serve('--database', 'memory:', '--base-path', '/crm');
    const page = await server.written(/^API docs to try in a browser: (\S+)$/m, 'stderr');
    expect(page).to.match(/:[0-9]+\/crm\/docs$/);
    expect((await fetch(page)).headers.get('content-type')).to.equal('text/html; charset=utf-8');
  });

  it('--host sets the address', async () => {
    const url = await (await serve('--database', 'memory:', '--host', 'localhost')).ready();
    expect(url).to.match(/^http:\/\/localhost:/);
    expect((await fetch(`${url}server/status`)).status).to.equal(200);
  });

  const mistakes: Record<string, readonly string[]> = {
    'an unknown option': ['--colour'],
    'an invalid port': ['--port', '80a'],
    'an invalid policy of history': ['--history', 'some'],
    'a body timeout of 0': ['--body-timeout', '0'],
    'a page of no bytes': ['--max-page-bytes', '0'],
    'a body rate of 0': ['--min-body-rate', '0'],
    'a database in a missing directory': ['--database', 'sqlite:nowhere/x.db'],
    'a database that is a directory': ['--database', 'sqlite:.'],
    'an unknown host': ['--database', 'memory:', '--host', 'nowhere.invalid'],
  };
  for (const [what, args] of Object.entries(mistakes)) {
    it(`refuses ${what} with one line and exit code 1`, async () => {
      const server = await serve(...args);
      expect(await server.exit()).to.equal(1);
      expect(server.stdout).to.equal('');
      expect(server.stderr).to.match(/^error: .+\n$/);
    });
  }

  it('refuses a port in use with one line and exit code 1', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = other.address() as { port: number };
      const server = await serve('--database', 'memory:', '--port', String(port));
      expect(await server.exit()).to.equal(1);
      expect(server.stderr).to.equal(
        `error: Cannot listen on --host 127.0.0.1, --port ${port}: the port is in use; choose another one, or 0 for any free port.\n`,
      );
    } finally {
      other.close();
    }
  });
});
