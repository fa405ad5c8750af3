import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createDossier } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import { EXAMPLE_PROFILE, storeExample } from '../../adapters/cli/example-data.js';
import { expressHost } from '../../examples/frameworks/express.js';
import { honoHost } from '../../examples/frameworks/hono.js';
import { CliSandbox } from '../process/cli/cli-process.js';
import { describeInChromium } from './chromium.js';
import { DocsReader } from './docs-reader.js';

const PROFILE = `profiles/${EXAMPLE_PROFILE.customer_id}`;
/** Asked for all extensions, a profile without a record of a multi-valued one has an empty list of them (W4). */
const WITHOUT_PHONE = { Phone: [] };
const TENANT = { 'x-genesys-tenantid': '1' };

describeInChromium('The documentation page', (browser) => {
  let sandbox: CliSandbox;
  let reader: DocsReader | undefined;

  beforeEach(() => {
    sandbox = new CliSandbox();
  });
  afterEach(async () => {
    await reader?.close();
    await sandbox.dispose();
  });

  const serve = async (...args: string[]) =>
    (await sandbox.run('serve', '--port', '0', '--database', 'memory:', '--example', ...args)).ready();

  const stored = async (url: string, headers: Record<string, string> = TENANT) => {
    const { Phone: _, ...profile } = (await (await fetch(`${url}${PROFILE}?extensions=*`, { headers })).json()) as {
      Phone: unknown;
    };
    return profile;
  };

  /** Sends the replacement of the example, first as the page offers it, then with another name, and looks at the profile. */
  async function replaceExample(url: string): Promise<DocsReader> {
    reader = await DocsReader.open(browser(), url);
    const replacement = await reader.tryOut('replaceProfile');
    expect(await replacement.body()).to.deep.equal(EXAMPLE_PROFILE);
    expect(await replacement.execute()).to.deep.equal({ status: 200, body: { ...EXAMPLE_PROFILE, ...WITHOUT_PHONE } });

    const robert = { ...EXAMPLE_PROFILE, FirstName: 'Robert' };
    await replacement.writeBody(robert);
    expect(await replacement.execute()).to.deep.equal({ status: 200, body: { ...robert, ...WITHOUT_PHONE } });
    expect(await stored(url)).to.deep.equal(robert);

    expect(reader.faults).to.deep.equal([]);
    expect([...reader.origins]).to.deep.equal([new URL(url).origin]);
    return reader;
  }

  it('sends the replacement of the example, and shows the answer', async () => {
    await replaceExample(await serve('--default-tenant', '1'));
  });

  it('so where each request names its tenant, and the interface lies below a path', async () => {
    await replaceExample(await serve('--base-path', '/crm'));
  });

  for (const [framework, hostOf] of Object.entries({ Hono: honoHost, Express: expressHost })) {
    it(`so mounted in ${framework}`, async () => {
      const services = createDossier({ repository: new InMemoryProfileRepository() });
      await storeExample(services);
      await withServer(hostOf(services, { authenticate: undefined }), (origin) => replaceExample(`${origin}/crm/`));
    });
  }

  it('R7, R8: offers replacements without extensions, and with one', async () => {
    const url = await serve('--default-tenant', '1');
    reader = await DocsReader.open(browser(), url);
    const replacement = await reader.tryOut('replaceProfile');
    const { Address, ...attributes } = { ...EXAMPLE_PROFILE, FirstName: 'Hulk' };

    await replacement.chooseExample('Without extensions: the stored ones stay');
    expect(await replacement.execute()).to.deep.equal({ status: 200, body: attributes });
    expect(await stored(url)).to.deep.equal({ ...attributes, Address });

    await replacement.chooseExample('With one extension: all others are removed');
    expect((await replacement.execute()).status).to.equal(200);
    expect(await stored(url)).to.deep.equal(attributes);
  });

  it('shows what is wrong with a mistake', async () => {
    reader = await DocsReader.open(browser(), await serve('--default-tenant', '1'));
    const replacement = await reader.tryOut('replaceProfile');
    await replacement.writeBody({ ...EXAMPLE_PROFILE, Nickname: 'Jolly' });
    const { status, body } = await replacement.execute();
    expect(status).to.equal(400);
    expect(body).to.have.nested.property('violations[0].pointer', '/Nickname');
  });

  it('sends the credentials that its reader gives it', async () => {
    const user = ['user', 'add', 'ann', '--role', 'administrator', '--credentials', 'users.json'];
    await sandbox.finish(user, { input: 'open sesame\n' });
    const url = await serve('--default-tenant', '1', '--credentials', 'users.json');
    reader = await DocsReader.open(browser(), url);
    await reader.authorize('ann', 'open sesame');
    const replacement = await reader.tryOut('replaceProfile');
    expect(await replacement.execute()).to.deep.equal({ status: 200, body: { ...EXAMPLE_PROFILE, ...WITHOUT_PHONE } });
    expect(reader.faults).to.deep.equal([]);
  });

  it('has examples for the schema of the tenant: of the address, or of whoever enters credentials', async () => {
    for (const [name, role, tenants] of [['ann', 'administrator', ['--tenant', '7']]] as const) {
      const user = ['user', 'add', name, '--role', role, ...tenants, '--credentials', 'users.json'];
      await sandbox.finish(user, { input: 'open sesame\n' });
    }
    const url = await serve('--credentials', 'users.json');
    const authorization = `Basic ${btoa('ann:open sesame')}`;
    const headers = { authorization, 'x-genesys-tenantid': '7', 'content-type': 'application/json' };
    const body = JSON.stringify({ attributes: [{ name: 'Nickname', type: 'string' }] });
    expect((await fetch(`${url}metadata/profiles`, { method: 'PUT', headers, body })).status).to.equal(200);

    reader = await DocsReader.open(browser(), url, '?tenant=7');
    await reader.authorize('ann', 'open sesame');
    const creation = await reader.tryOut('createProfile');
    expect(await creation.body()).to.deep.equal({ Nickname: 'some Nickname' });
    expect(reader.faults).to.deep.equal([]);
  });

  it('runs no script, applies no style and loads no picture that is not its own', async () => {
    reader = await DocsReader.open(browser(), await serve());
    await reader.page.evaluate(`document.body.insertAdjacentHTML('beforeend',
      '<p style="color: red"></p><img src="https://dossier.invalid/x.png">');
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }));`);
    await expectEventually(() =>
      expect(reader?.faults).to.include.members([
        'Content-Security-Policy style-src-attr inline',
        'Content-Security-Policy img-src https://dossier.invalid/x.png',
        'Content-Security-Policy script-src-elem inline',
      ]),
    );
    expect(await reader.page.evaluate('window.ran')).to.equal(undefined);
  });
});

async function withServer(listener: RequestListener, use: (origin: string) => Promise<unknown>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Violations are told a moment after they happen. */
async function expectEventually(check: () => unknown): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    try {
      check();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  check();
}
