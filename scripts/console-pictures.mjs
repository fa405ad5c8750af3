// Takes the pictures of docs/console.md: `npm run docs:pictures`. It needs Chromium and the packages of test/process, as
// the tests of the console do, and works on the built package.
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { createDossier } from 'dossier';
import { createConsole } from 'dossier/console';
import { InMemoryProfileRepository } from 'dossier/memory';
import { Hono } from 'hono';

const ROOT = join(import.meta.dirname, '..');
const PICTURES = join(ROOT, 'docs/console');
const EXECUTABLE = process.env.DOSSIER_TEST_CHROMIUM ?? '/usr/bin/chromium-headless-shell';

if (!existsSync(EXECUTABLE))
  throw new Error(`There is no Chromium at ${EXECUTABLE}. DOSSIER_TEST_CHROMIUM names another.`);
const { chromium } = createRequire(join(ROOT, 'test/process/package.json'))('playwright-core');

const SCHEMA = {
  attributes: [
    { name: 'FirstName', type: 'string', title: 'First name' },
    { name: 'LastName', type: 'string', title: 'Last name', mandatory: true },
    { name: 'DOB', type: 'date', title: 'Date of birth', minimum: '1900-01-01', protected: true },
    {
      name: 'EmailAddress',
      type: 'string',
      multiValued: true,
      format: 'email',
      title: 'E-mail addresses',
      description: 'The first one is the primary one.',
    },
    { name: 'Level', type: 'string', oneOf: ['bronze', 'silver', 'gold'], title: 'Customer level' },
    { name: 'Points', type: 'integer', minimum: 0, title: 'Bonus points' },
  ],
  extensions: [
    {
      name: 'Address',
      type: 'single-valued',
      attributes: [
        { name: 'Street', type: 'string' },
        { name: 'City', type: 'string' },
      ],
    },
    {
      name: 'Phone',
      type: 'multi-valued',
      title: 'Telephone numbers',
      attributes: [
        { name: 'Number', type: 'string', mandatory: true },
        { name: 'Kind', type: 'string', oneOf: ['home', 'work', 'mobile'] },
      ],
      unique: ['Number'],
    },
  ],
  identificationKeys: [
    { name: 'Email', attributes: ['EmailAddress'], caseSensitive: false },
    { name: 'Name', attributes: ['LastName', 'FirstName'], caseSensitive: false },
    { name: 'PhoneNumber', source: 'Phone', attributes: ['Number'] },
  ],
};

const ID = '00027a52JCGY000M';
const BRUCE = {
  customerId: ID,
  attributes: {
    FirstName: 'Bruce',
    LastName: 'Banner',
    DOB: '1962-05-10',
    EmailAddress: ['bruce.banner@example.com', 'bruce@example.org'],
    Level: 'silver',
    Points: 120,
  },
  extensions: {
    Address: { Street: '21 Jump Street', City: 'Hollywood' },
    Phone: [
      { Number: '+1 555 0100', Kind: 'home' },
      { Number: '+1 555 0101', Kind: 'work' },
    ],
  },
};

const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository() });
await schemas.define('1', SCHEMA);
await profiles.create('1', BRUCE, { actor: 'nightly-import' });
const twin = { FirstName: 'Bruce', LastName: 'Banner', EmailAddress: ['b.banner@example.net'] };
await profiles.create('1', {
  customerId: 'bruce-web',
  attributes: twin,
  extensions: { Phone: [{ Number: '+1 555 0199' }] },
});

const host = new Hono();
const authenticate = () => ({ name: 'ada', role: 'administrator', maySetActor: true });
host.route('/console', createConsole({ profiles, schemas }, { defaultTenant: '1', authenticate }));
const server = createServer(getRequestListener(host.fetch, { overrideGlobalObjects: false }));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}/console`;

const browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 900, height: 700 } });
  await takePictures(await context.newPage());
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}

async function takePictures(page) {
  mkdirSync(PICTURES, { recursive: true });
  const open = (path) => page.goto(`${url}${path}`);
  const press = async (name) => {
    await Promise.all([
      page.waitForEvent('domcontentloaded'),
      page.getByRole('button', { name, exact: true }).last().click(),
    ]);
  };
  /** Of the beginning of the page, at most as high as is given. */
  const picture = async (name, height = 700) => {
    await page.setViewportSize({ width: page.viewportSize().width, height });
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  };

  await open('?id_key=Name&LastName=banner&FirstName=bruce');
  await picture('find', 620);

  const profile = `/profiles/${ID}`;
  await open(`${profile}/edit`);
  await picture('edit', 760);
  await page.getByLabel('Date of birth').fill('');
  await page.getByLabel('E-mail addresses 2').fill('');
  await press('Save');
  await picture('losses', 620);

  await open(`${profile}/edit`);
  const colleague = { actor: 'bob', reason: 'Told us on the phone' };
  await profiles.patch('1', ID, { attributes: { FirstName: 'Robert', Points: 150 } }, colleague);
  await page.getByLabel('First name').fill('Robert Bruce');
  await page.getByLabel('Customer level').selectOption('gold');
  await press('Save');
  await picture('conflict', 620);

  await profiles.patch('1', ID, { attributes: { DOB: null } }, { actor: 'bob', reason: 'Was another customer’s' });
  await open(`${profile}/history`);
  await picture('history', 560);
  await open(`${profile}/history/1`);
  await picture('former-state', 620);

  await open(`${profile}/merge`);
  await page.getByLabel('Customer id of the other profile').fill('bruce-web');
  await press('Preview the merge');
  await picture('merge', 760);

  await open('/schema');
  await page.getByText('Attribute definitions', { exact: true }).click();
  const text = page.getByLabel('Attribute definitions, as JSON');
  await text.fill((await text.inputValue()).replace('"minimum": 0', '"minimum": 200'));
  await press('Try');
  await picture('schema-trial', 420);

  await open('/import');
  const rows = Array.from({ length: 20_000 }, (_, index) => `,Customer ${index},${index % 1_000}\n`).join('');
  const buffer = Buffer.from(`FirstName,LastName,Points\n${rows},Last,many\n`);
  await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer });
  await press('Try, and store nothing');
  await page.getByText('What the import would do').waitFor();
  await picture('import', 760);

  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 420, height: 760 });
  await open(profile);
  await picture('profile-dark-and-narrow', 760);
}
