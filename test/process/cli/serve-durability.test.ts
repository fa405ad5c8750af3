import { expect } from 'chai';
import { revisionOf } from '../../adapters/http/tags.js';
import { CliSandbox } from './cli-process.js';

const PROFILE = 'profiles/00027a52JCGY000M';

async function replace(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}${PROFILE}`, {
    method: 'PUT',
    // The example protects it.
    body: JSON.stringify({ DOB: null, ...body }),
    headers: { 'content-type': 'application/json', ...headers },
  });
}

describe('dossier serve on SQLite', function () {
  this.timeout(60_000);
  let sandbox: CliSandbox;

  beforeEach(() => {
    sandbox = new CliSandbox();
  });
  afterEach(() => sandbox.dispose());

  const serve = () => sandbox.run('serve', '--port', '0', '--default-tenant', '1', '--example');

  it('R12: an acknowledged replacement survives kill -9 and a restart', async () => {
    const first = await serve();
    const url = await first.ready();
    const kept = { FirstName: 'Hulk', Phone: [{ PhoneNumber: '555-0100' }] };
    const acknowledged = await replace(url, kept);
    expect(acknowledged.status).to.equal(200);
    first.signal('SIGKILL');
    expect(await first.exit()).to.equal(null);

    const again = await (await serve()).ready();
    const answer = await fetch(`${again}${PROFILE}?extensions=*`);
    expect(answer.headers.get('etag')).to.equal(acknowledged.headers.get('etag'));
    expect(await answer.json()).to.deep.equal({ customer_id: '00027a52JCGY000M', ...kept });
    expect((await replace(again, { Nope: 1 })).status).to.equal(400);
    const unchanged = await fetch(`${again}${PROFILE}`);
    expect([revisionOf(unchanged), (await unchanged.json()) as object]).to.deep.equal([
      2,
      { customer_id: '00027a52JCGY000M', FirstName: 'Hulk' },
    ]);
  });

  it('R14: of fifty replacements with one If-Match, sent to two processes on one file, exactly one succeeds', async () => {
    const urls = [await (await serve()).ready(), await (await serve()).ready()];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        replace(urls[index % 2] ?? '', { FirstName: `Writer ${index}` }, { 'if-match': '"1"' }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).to.have.length(1);
    expect(statuses.filter((status) => status === 412)).to.have.length(49);
    for (const url of urls) expect(revisionOf(await fetch(`${url}${PROFILE}`))).to.equal(2);
  });
});
