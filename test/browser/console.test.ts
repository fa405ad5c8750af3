import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { expect } from 'chai';
import { createDossier, type Dossier } from 'dossier';
import { createConsole } from 'dossier/console';
import { InMemoryProfileRepository } from 'dossier/memory';
import { Hono } from 'hono';
import { ANN, SCHEMA } from '../adapters/console/console-visitor.js';
import { CliSandbox } from '../process/cli/cli-process.js';
import { describeInChromium } from './chromium.js';
import { ConsoleReader } from './console-reader.js';

/** What an administrator may do, and say why. */
const ADA = { name: 'ada', role: 'administrator', maySetActor: true } as const;

describeInChromium('The console', (browser) => {
  let dossier: Dossier;
  let server: Server;
  let url: string;
  let reader: ConsoleReader;

  beforeEach(async () => {
    dossier = createDossier({ repository: new InMemoryProfileRepository() });
    await dossier.schemas.define('1', SCHEMA);
    await dossier.profiles.create('1', ANN, { actor: 'import' });
    const host = new Hono();
    host.route(
      '/console',
      createConsole(dossier, { defaultTenant: '1', authenticate: () => ADA, onError: console.error }),
    );
    server = createServer(getRequestListener(host.fetch, { overrideGlobalObjects: false }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/console`;
    reader = await ConsoleReader.open(browser(), url);
  });

  afterEach(async () => {
    expect(reader.faults).to.deep.equal([]);
    expect([...reader.origins]).to.deep.equal([new URL(url).origin]);
    await reader.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const open = (path: string) => reader.page.goto(`${url}${path}`);
  const stored = async () => {
    const { attributes, extensions = {}, revision } = await dossier.profiles.get('1', 'ann', { extensions: 'all' });
    return { attributes, extensions, revision };
  };

  it('finds a customer by the keyboard alone', async () => {
    const { page } = reader;
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).to.include('Skip to content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('ANN@example.com');
    await Promise.all([page.waitForEvent('domcontentloaded'), page.keyboard.press('Enter')]);
    await reader.expectText('1 customer', 'Archer');
    await reader.expectAccessible();
    await reader.follow('link', 'ann');
    await reader.expectText('Customer ann', 'Date of birth 1980-01-31', 'Town Oxford', '+44 2');
    await reader.expectAccessible();
  });

  it('edits and confirms a loss by the keyboard alone', async () => {
    const { page } = reader;
    const press = (key: string) => Promise.all([page.waitForEvent('domcontentloaded'), page.keyboard.press(key)]);
    await open('/profiles/ann');
    await reader.tabTo('Edit');
    await press('Enter');
    await reader.tabTo('/FirstName');
    await page.keyboard.press('Delete');
    await press('Enter');
    await reader.expectText('Before you save', 'First name Ann');
    await reader.tabTo('confirm');
    await page.keyboard.press('Space');
    await reader.tabTo('Save');
    await press('Enter');
    await reader.expectText('Saved.', 'First name no value');
  });

  it('edits: the browser checks, the service checks, and what would be lost is confirmed', async () => {
    const { page } = reader;
    await open('/profiles/ann/edit');
    await reader.expectAccessible();
    await page.getByLabel('Points').fill('-1');
    await page.getByRole('button', { name: 'Save' }).last().click();
    expect(await page.locator(':invalid:not(form, fieldset)').getAttribute('name')).to.equal('/Points');
    await page.getByLabel('Points').fill('8');
    await page.getByLabel('E-mail addresses 2').fill('a@b..c');
    await reader.follow('button', 'Save');
    await reader.expectText('Not saved', 'E-mail addresses 2');
    await reader.expectAccessible();
    expect(await page.getByLabel('Points').inputValue()).to.equal('8');

    await page.getByLabel('E-mail addresses 2').fill('');
    await page.getByLabel('Date of birth').fill('');
    await reader.follow('button', 'Add: Telephones');
    await reader.expectFocus('/Phone/2/Number');
    await page.keyboard.type('+44 3');
    await page.getByLabel('Reason').fill('asked by phone');
    await reader.follow('button', 'Save');
    await reader.expectText('Date of birth', '1980-01-31', '1 of 2 E-mail addresses', 'archer@example.com');
    await reader.expectAccessible();
    await page.getByRole('button', { name: 'Save' }).click();
    expect(await page.locator(':invalid:not(form)').getAttribute('name')).to.equal('confirm');
    expect((await stored()).revision).to.equal(1);
    await page.getByLabel('Yes, remove: Date of birth; 1 of 2 E-mail addresses.').check();
    await reader.follow('button', 'Save');
    await reader.expectText('Saved.', 'Date of birth no value', '+44 3');
    const { items } = await dossier.profiles.history('1', 'ann');
    expect(items[0]).to.include({ actor: 'ada', reason: 'asked by phone' });
  });

  it('shows both versions where somebody else saved meanwhile, rebases, and lets choose', async () => {
    const { page } = reader;
    await open('/profiles/ann/edit');
    await dossier.profiles.patch('1', 'ann', { attributes: { Points: 9 } }, { actor: 'bob' });
    await page.getByLabel('First name').fill('Anna');
    await reader.follow('button', 'Save');
    await reader.expectText('Somebody else saved meanwhile', 'by bob', 'changed by you', 'changed by somebody else');
    await reader.expectAccessible();
    await reader.follow('button', 'Save my changes on top of the newest');
    await reader.expectText('Saved on top of the newer version.');

    await open('/profiles/ann/edit');
    await dossier.profiles.patch('1', 'ann', { attributes: { FirstName: 'Annie' } });
    await page.getByLabel('First name').fill('Anne');
    await reader.follow('button', 'Save');
    await reader.expectText('Both of you changed: First name');
    await reader.expectAccessible();
    await page.getByLabel('First name: keep yours').check();
    await reader.follow('button', 'Go on with my choices');
    await reader.follow('button', 'Save');
    expect((await stored()).attributes).to.include({ FirstName: 'Anne', Points: 9 });
  });

  it('shows the history, and restores a state', async () => {
    await dossier.profiles.patch('1', 'ann', { attributes: { DOB: null } }, { actor: 'bob', reason: 'wrong one' });
    await open('/profiles/ann');
    await reader.follow('link', 'History');
    await reader.expectText('by bob', 'Reason: wrong one', 'Changed: Date of birth', 'UTC');
    await reader.expectAccessible();
    await reader.follow('link', 'Look at revision 1');
    await reader.expectText('What is different today');
    await reader.expectAccessible();
    await reader.follow('button', 'Restore this state…');
    await reader.expectAccessible();
    await reader.follow('button', 'Restore');
    await reader.expectText('Restored.', 'Date of birth 1980-01-31');
  });

  it('merges with a preview, and takes the merge back', async () => {
    const { page } = reader;
    const attributes = { LastName: 'Archer', Email: ['twin@example.org'] };
    await dossier.profiles.create('1', { customerId: 'twin', attributes, extensions: { Address: { City: 'Paris' } } });
    await open('/profiles/ann');
    await reader.follow('link', 'Merge');
    await reader.expectAccessible();
    await page.getByLabel('Customer id of the other profile').fill('twin');
    await reader.follow('button', 'Preview the merge');
    await reader.expectText('twin@example.org', 'Both have records that differ: Address');
    await reader.expectAccessible();
    await page.getByRole('checkbox').check();
    await reader.follow('button', 'Merge');
    await reader.expectText('Merged.', 'Town Paris');
    await reader.follow('link', 'Merge');
    await page.getByLabel('Customer id of the profile that was merged').fill('twin');
    await reader.follow('button', 'Preview taking it back');
    await reader.expectAccessible();
    await reader.follow('button', 'Take the merge back');
    await reader.expectText('The merge was taken back.', 'Town Oxford');
  });

  it('erases a person, and lays the receipt out for paper', async function () {
    const { page } = reader;
    await open('/profiles/ann');
    if ((await page.getByRole('link', { name: 'Erase' }).count()) === 0) this.skip();
    await reader.follow('link', 'Erase');
    await reader.expectText('for good', 'Profiles 1');
    await reader.expectAccessible();
    await page.getByLabel('Reason').fill('asked for it');
    await page.getByLabel('Type the customer id ann to confirm').fill('ann');
    await reader.follow('button', 'Erase for good');
    await reader.expectText('Receipt: customer ann is erased', 'By ada', 'Reason asked for it', 'UTC');
    await reader.expectAccessible();
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('navigation').isVisible()).to.equal(false);
    await open('/profiles/ann');
    await reader.expectText('There is no profile with this customer id.');
  });

  it('shows the schema, and tries a change on the data', async () => {
    const { page } = reader;
    await reader.follow('link', 'Schema');
    await reader.expectText('Date of birth', 'minimum 1900-01-01');
    await reader.expectAccessible();
    await page.getByText('Attribute definitions', { exact: true }).click();
    const text = page.getByLabel('Attribute definitions, as JSON');
    await text.fill((await text.inputValue()).replace('"minimum": 0', '"minimum": 8'));
    await reader.follow('button', 'Try');
    await reader.expectText('does not fit', '/Points: 1 in 1 profile');
    await reader.expectAccessible();
  });

  it('imports a file, with progress and a report', async () => {
    const { page } = reader;
    await reader.follow('link', 'Import');
    await reader.expectAccessible();
    const rows = Array.from({ length: 5_000 }, (_, index) => `c${index},Row ${index},\n`).join('');
    const buffer = Buffer.from(`customer_id,LastName,Points\n${rows}bad,,x\n`);
    await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer });
    await reader.follow('button', 'Import');
    await reader.expectText('100 % of the file read', 'Created 5000', 'With errors 1', 'Line 5002:');
    await reader.expectAccessible();
  });

  it('200 records stay usable, and hostile values stay text', async () => {
    const hostile = `<img src=x onerror=alert(1)>${'long '.repeat(20)}${'x'.repeat(120)}`;
    const Phone = Array.from({ length: 200 }, (_, index) => ({
      Number: `${index}`,
      Kind: index === 150 ? hostile : 'home',
    }));
    const attributes = { ...ANN.attributes, LastName: 'شركة <b>x</b>', FirstName: hostile };
    await dossier.profiles.replace('1', 'ann', { attributes, extensions: { Phone } });
    const { page } = reader;
    await open('/profiles/ann');
    await reader.expectText('شركة <b>x</b>', '<img src=x onerror=alert(1)>');
    await reader.expectAccessible();
    await page.getByText('The other 180 records').click();
    await reader.expectText('150');
    await reader.follow('link', 'Edit');
    await reader.expectAccessible();
    await page.getByText('200 records, to change or remove').click();
    await reader.follow('button', 'Change: 199 · home');
    await page.getByRole('group', { name: 'Telephones: record 200' }).getByLabel('Kind').fill('work');
    await reader.follow('button', 'Save');
    await reader.expectText('Saved.');
    expect((await stored()).extensions).to.have.nested.property('Phone[199].Kind', 'work');
    expect((await stored()).extensions).to.have.nested.property('Phone[150].Kind', hostile);
  });

  it('tells what is missing, and that is accessible as well', async () => {
    for (const [path, text] of [
      ['/nothing', 'No such page'],
      ['/profiles/nobody', 'There is no profile with this customer id.'],
      ['/profiles/ann/history/99', 'Not found'],
    ] as const) {
      await open(path);
      await reader.expectText(text);
      await reader.expectAccessible();
    }
  });

  it('R13 a form that nobody has touched changes nothing, whatever its values are', async () => {
    const attributes = { LastName: ' "a" <b> ', FirstName: '', Notes: '\n one\r\ntwo\rthree\u00a0\n', Rate: 1e-7 };
    const extensions = {
      Address: { City: 'a\nb' },
      Phone: [
        { Number: '1', Kind: '' },
        { Number: '2', Kind: '\r' },
      ],
    };
    await dossier.profiles.replace('1', 'ann', { attributes, extensions }, { allowLoss: ['DOB'] });
    await dossier.schemas.defineAttributes('1', [
      ...SCHEMA.attributes.map((one) => (one.name === 'DOB' ? { name: 'DOB', type: 'date' as const } : one)),
      { name: 'constructor', type: 'string' },
    ]);
    await dossier.profiles.patch('1', 'ann', { attributes: { DOB: '0001-01-01' } });
    const { revision } = await stored();
    await open('/profiles/ann/edit');
    await reader.follow('button', 'Save');
    await reader.expectText('Nothing was different');
    expect((await stored()).revision).to.equal(revision);
  });

  it('is at /console of dossier serve, behind the password of its users', async () => {
    const sandbox = new CliSandbox();
    try {
      const user = ['user', 'add', 'ann', '--role', 'writer', '--credentials', 'users.json'];
      await sandbox.finish(user, { input: 'open sesame\n' });
      const args = ['serve', '--port', '0', '--database', 'memory:', '--example', '--credentials', 'users.json'];
      const served = await sandbox.run(...args, '--base-path', '/crm');
      const address = await served.written(/^Console .*: (\S+)$/m, 'stderr');
      expect((await fetch(address)).status).to.equal(401);
      const httpCredentials = { username: 'ann', password: 'open sesame' };
      const other = await ConsoleReader.open(browser(), address, { httpCredentials });
      await other.page.getByLabel('Tenant').fill('1');
      await other.follow('button', 'Open');
      await other.page.getByLabel('Last name').fill('banner');
      await other.page.getByLabel('First name').fill('BRUCE');
      await Promise.all([other.page.waitForEvent('domcontentloaded'), other.page.keyboard.press('Enter')]);
      await other.expectText('Bruce');
      await other.follow('link', '00027a52JCGY000M');
      await other.expectText('21 JumpStreet');
      await other.follow('link', 'Edit');
      await other.page.getByLabel('First name').fill('Robert');
      await other.follow('button', 'Save');
      await other.expectText('Saved.', 'First name Robert');
      expect(other.faults).to.deep.equal([]);
      await other.close();
    } finally {
      await sandbox.dispose();
    }
  });
});
