import { readFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { EventReader } from '../../adapters/http/event-reader.js';
import { type CliProcess, CliSandbox } from './cli-process.js';

const PROFILE = '/profiles/00027a52JCGY000M';

interface Page {
  readonly changes: readonly { readonly id: string; readonly data: { readonly revision: number } }[];
  readonly next: string;
}

describe('dossier changes, and serve --changes', function () {
  this.timeout(60_000);
  let sandbox: CliSandbox;
  const proxies: Server[] = [];

  beforeEach(() => {
    sandbox = new CliSandbox();
  });
  afterEach(async () => {
    for (const proxy of proxies.splice(0)) proxy.close().closeAllConnections();
    await sandbox.dispose();
  });

  const serve = async (port = 0): Promise<{ readonly server: CliProcess; readonly url: string }> => {
    const server = await sandbox.run(
      'serve',
      '--port',
      String(port),
      '--default-tenant',
      '1',
      '--example',
      '--changes',
    );
    return { server, url: (await server.ready()).replace(/\/$/, '') };
  };
  const put = async (url: string, revision: number) => {
    const init = { method: 'PUT', body: JSON.stringify({ FirstName: `${revision}`, DOB: null }) };
    const response = await fetch(url + PROFILE, { ...init, headers: { 'content-type': 'application/json' } });
    expect(response.status).to.equal(200);
  };
  const page = async (url: string, query = '') => (await (await fetch(`${url}/changes${query}`)).json()) as Page;
  const revisions = ({ changes }: Page) => changes.map(({ data }) => data.revision);

  it('changes prints lines, and with --follow those that come, until it is interrupted', async () => {
    const { url } = await serve();
    const follower = await sandbox.run('changes', '--tenant', '1', '--follow');
    await follower.written(/"operation":"create"/);
    await put(url, 2);
    await follower.written(/"revision":2/);
    follower.signal('SIGINT');
    expect(await follower.exit()).to.equal(0);
    const lines = follower.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ revision }) => revision)).to.deep.equal([1, 2]);
    const rest = await sandbox.finish(['changes', '--tenant', '1', '--after', lines[0].cursor, '--limit', '5']);
    expect(
      rest.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).to.deep.equal(lines.slice(1));
    await sandbox.finish(['changes', '--tenant', '1', '--after', 'nonsense'], { exitCode: 1 });
  });

  it('a change by another command leaves a line with --changes alone', async () => {
    const { url } = await serve();
    await put(url, 2);
    const restore = ['restore', '00027a52JCGY000M', '1', '--tenant', '1'];
    await sandbox.finish([...restore, '--changes']);
    await sandbox.finish(['erase', '00027a52JCGY000M', '--tenant', '1', '--yes', '--changes']);
    const { stdout } = await sandbox.finish(['changes', '--tenant', '1']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).operation),
    ).to.deep.equal([...['create', 'replace', 'restore', 'erase']]);
  });

  it('prune removes lines beyond --changes, and says what is missing', async () => {
    await serve();
    const { stdout } = await sandbox.finish(['prune', '--tenant', '1', '--changes', 'days=30']);
    expect(stdout).to.equal('0 former states and lines of changes removed.\n');
    const { stderr } = await sandbox.finish(['prune', '--tenant', '1'], { exitCode: 1 });
    expect(stderr).to.match(/--history days=365 or --changes days=30/);
  });

  it('C3: a stream goes on by Last-Event-ID over restarts, and none is missed or repeated', async () => {
    let { server, url } = await serve();
    const port = Number(new URL(url).port);
    const seen: number[] = [];
    let last = '';
    for (let restart = 0; restart < 3; restart++) {
      const headers = { accept: 'text/event-stream', 'last-event-id': last };
      const events = new EventReader(await fetch(`${url}/changes`, { headers }));
      for (let count = 0; count < (restart === 0 ? 3 : 2); count++) {
        if (count > 0) await put(url, 10 * restart + count);
        const event = await events.next();
        seen.push(event?.data.data.revision);
        last = event?.id ?? '';
      }
      // Nobody reads what comes now; a graceful stop ends the stream at once, and a crash cuts it.
      server.signal(restart === 1 ? 'SIGKILL' : 'SIGTERM');
      const started = performance.now();
      await server.exit();
      expect(performance.now() - started).to.be.below(10_000);
      await events.cancel().catch(() => undefined);
      ({ server, url } = await serve(port));
      await put(url, 10 * restart + 9);
    }
    const rest = await page(url, `?after=${last}`);
    expect([...seen, ...revisions(rest)]).to.deep.equal(revisions(await page(url)));
  });

  it('C3: behind a proxy that buffers whole answers, waiting answers come in time, and streams lose nothing', async () => {
    const { server, url } = await serve();
    const proxy = await bufferingProxy(url, proxies);
    const { next } = await page(proxy);
    const waiting = page(proxy, `?after=${next}&wait=30`);
    await setTimeout(100);
    await put(url, 2);
    expect(revisions(await waiting)).to.deep.equal([2]);
    const streamed = fetch(`${proxy}/changes?after=${next}`, { headers: { accept: 'text/event-stream' } });
    await setTimeout(100);
    await put(url, 3);
    await setTimeout(600);
    server.signal('SIGTERM');
    const events = new EventReader(await streamed);
    expect((await events.take(2)).map(({ data }) => data.data.revision)).to.deep.equal([2, 3]);
  });

  it('C3: a thousand clients wait and vanish, again and again, in flat memory', async () => {
    const { server, url } = await serve();
    const { next } = await page(url);
    const wave = async () => {
      const gone = new AbortController();
      const waiting = Array.from({ length: 1_000 }, (_, index) =>
        fetch(`${url}/changes?after=${next}&wait=60`, {
          signal: gone.signal,
          headers: index % 2 === 0 ? { accept: 'text/event-stream' } : {},
        })
          .then((response) => response.text())
          .catch(() => undefined),
      );
      await setTimeout(1_000);
      gone.abort();
      await Promise.all(waiting);
      return residentMegabytes(server.pid);
    };
    await wave();
    const before = await wave();
    const after = await wave();
    expect(after - before, `from ${before} MB`).to.be.below(40);
    await put(url, 2);
    expect(revisions(await page(url, `?after=${next}&wait=5`))).to.deep.equal([2]);
  });
});

/** Forwards requests, and answers only once it has the whole answer. */
async function bufferingProxy(target: string, proxies: Server[]): Promise<string> {
  const proxy = createServer((incoming, outgoing) => {
    const { method, headers, url } = incoming;
    const onward = httpRequest(target + url, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        outgoing.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] });
        outgoing.end(Buffer.concat(chunks));
      });
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }).listen(0, '127.0.0.1');
  proxies.push(proxy);
  await new Promise((resolve) => proxy.once('listening', resolve));
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024);
}
