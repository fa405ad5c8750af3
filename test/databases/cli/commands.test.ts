import { readdir, readFile, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import { CliSandbox } from '../../process/cli/cli-process.js';
import { expectSharedMode } from '../../process/cli/mode-of-servers.js';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';
import { TcpProxy } from '../tcp-proxy.js';

const SCHEMA = {
  attributes: [
    { name: 'Name', type: 'string' },
    { name: 'constructor', type: 'string', multiValued: true },
    { name: 'Count', type: 'long' },
    { name: 'Balance', type: 'currency' },
    { name: 'Seen', type: 'datetime' },
  ],
  extensions: [
    { name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] },
    { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }], unique: ['Number'] },
  ],
  identificationKeys: [{ name: 'byPhone', source: 'Phone', attributes: ['Number'] }],
} as const satisfies SchemaDefinition;

/** Ordered as an export is. */
const PROFILES: readonly object[] = [
  { customer_id: 'A', Name: 'Ann \u0001 \u{1f600}', Address: null, Phone: [{ Number: '1' }, { Number: '2' }] },
  {
    customer_id: 'a',
    _segment: 'gold',
    Name: 'ann ',
    constructor: ['', 'x'],
    Count: '9223372036854775807',
    Address: null,
    Phone: [],
  },
  { customer_id: 'b', Balance: '-12.5', Seen: '2026-01-02T03:04:05.678Z', Address: { City: 'Köln' }, Phone: [] },
];

/** Several batches, so that an import can be interrupted midway. */
const MANY = 10_000;

describeOnEachServer('dossier with --database', (server) => {
  let sandbox: CliSandbox;
  let directory: string;
  const databases: TestDatabase[] = [];

  beforeEach(async () => {
    sandbox = new CliSandbox();
    directory = await sandbox.directory();
    await write('schema.json', JSON.stringify(SCHEMA));
  });
  afterEach(async () => {
    await sandbox.dispose();
    for (const database of databases.splice(0)) await database.dispose();
  });

  const write = (name: string, text: string) => writeFile(join(directory, name), text);
  const read = (name: string) => readFile(join(directory, name), 'utf8');
  const newDatabase = async () => {
    const database = await createDatabase(server);
    databases.push(database);
    return database.url;
  };
  /** Creates a database with the schema, and returns the options that name database and tenant. */
  const newTenant = async () => {
    const options = ['--tenant', '1', '--database', await newDatabase()];
    await sandbox.finish(['schema', 'define', 'schema.json', ...options]);
    return options;
  };
  const ndjson = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

  it('migrate creates the tables, and then finds them up to date', async () => {
    const url = await newDatabase();
    const { host, pathname } = new URL(url);
    const first = await sandbox.finish(['migrate', '--database', url]);
    expect(first.stdout).to.match(/^\w+:\/\/\S+ has run \S.*\.\n$/);
    expect(first.stdout).to.contain(`${host}${pathname} `);
    const second = await sandbox.finish(['migrate', '--database', url]);
    expect(second.stdout).to.match(/ is up to date\.\n$/);
  });

  it('the host may be an IPv6 address', async function () {
    const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
    if (!addresses.some(({ address }) => address === '::1')) {
      console.log('      Skipped: this machine has no IPv6.');
      this.skip();
    }
    const proxy = await TcpProxy.open(await newDatabase(), '::1');
    try {
      const { stdout } = await sandbox.finish(['migrate', '--database', proxy.url]);
      expect(stdout).to.match(/^\w+:\/\/\[::1\]:\d+\/\S+ has run \S.*\.\n$/);
    } finally {
      proxy.dispose();
    }
  });

  it('schema, import and export copy a tenant from one database to another', async () => {
    const from = await newTenant();
    await write('profiles.ndjson', ndjson(PROFILES));
    await sandbox.finish(['import', 'profiles.ndjson', ...from]);
    await sandbox.finish(['export', 'all.ndjson', ...from]);
    expect(await read('all.ndjson')).to.equal(ndjson(PROFILES));

    const to = ['--tenant', '2', '--database', await newDatabase()];
    const schema = (await sandbox.finish(['schema', 'show', ...from])).stdout;
    await sandbox.finish(['schema', 'define', '-', ...to], { input: schema });
    expect((await sandbox.finish(['schema', 'show', ...to])).stdout).to.equal(schema);
    await sandbox.finish(['import', 'all.ndjson', ...to]);
    expect((await sandbox.finish(['export', ...to])).stdout).to.equal(ndjson(PROFILES));
  });

  it('SIGINT stops an import midway, and the same command completes it', async () => {
    const rows = Array.from({ length: MANY }, (_, index) => ({ Name: `${index}`, Phone: [{ Number: `${index}` }] }));
    await write('many.ndjson', ndjson(rows));
    const tenant = await newTenant();
    const first = await sandbox.run('import', 'many.ndjson', ...tenant);
    await first.written(/^line /m, 'stderr');
    first.signal('SIGINT');
    expect(await first.exit()).to.equal(130);
    const done = Number(/^([0-9]+) rows: \1 created/m.exec(first.stdout)?.[1]);
    expect(done).to.be.within(1, MANY - 1);
    expect(await readdir(directory)).to.include('many.ndjson.import');

    const second = await sandbox.finish(['import', 'many.ndjson', ...tenant]);
    expect(second.stderr).to.contain(`Continuing from many.ndjson.import: rows from line ${done + 1}.`);
    expect(second.stdout).to.match(new RegExp(`^${MANY - done} rows: ${MANY - done} created,`));
    expect(await readdir(directory)).not.to.include('many.ndjson.import');
    const lines = (await sandbox.finish(['export', ...tenant])).stdout.trimEnd().split('\n');
    // Generated ids sort in the order of the lines, interrupted or not.
    expect(lines.map((line) => JSON.parse(line).Name)).to.deep.equal(rows.map(({ Name }) => Name));
  });

  it('after kill -9 midway through an import, the same command continues: no row is lost or duplicated', async () => {
    await write('many.csv', `Name\n${Array.from({ length: MANY }, (_, index) => `${index}\n`).join('')}`);
    const tenant = await newTenant();
    const killed = await sandbox.run('import', 'many.csv', ...tenant);
    await killed.written(/^line /m, 'stderr');
    killed.signal('SIGKILL');
    expect(await killed.exit()).to.equal(null);
    await sandbox.finish(['import', 'many.csv', ...tenant]);
    const lines = (await sandbox.finish(['export', ...tenant])).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).Name)).to.deep.equal(
      Array.from({ length: MANY }, (_, row) => `${row}`),
    );
  });

  it('user and serve: users of the file may call, and acknowledged changes survive a restart', async () => {
    const database = await newDatabase();
    const users = ['--credentials', 'users.json'];
    await sandbox.finish(['user', 'add', 'ann', '--role', 'administrator', ...users], { input: 'open sesame\n' });
    const headers = { authorization: `Basic ${btoa('ann:open sesame')}`, 'content-type': 'application/json' };
    const path = 'profiles/00027a52JCGY000M';
    const serve = async () => {
      const options = ['--port', '0', '--default-tenant', '1', '--example', '--database', database, ...users];
      const running = await sandbox.run('serve', ...options);
      return { running, url: await running.ready() };
    };

    const first = await serve();
    expect((await fetch(`${first.url}${path}`)).status).to.equal(401);
    const body = JSON.stringify({ FirstName: 'Hulk', DOB: null, Phone: [{ PhoneNumber: '1' }] });
    expect((await fetch(`${first.url}${path}`, { method: 'PUT', headers, body })).status).to.equal(200);
    first.running.signal('SIGTERM');
    expect(await first.running.exit()).to.equal(0);

    const again = await serve();
    const stored = await (await fetch(`${again.url}${path}?extensions=*`, { headers })).json();
    expect(stored).to.deep.equal({
      customer_id: '00027a52JCGY000M',
      FirstName: 'Hulk',
      Phone: [{ PhoneNumber: '1' }],
    });
  });

  it('W14: mode: servers on one database heed it, whoever sets it', async () =>
    expectSharedMode(sandbox, ['--database', await newDatabase()]));

  it('DOSSIER_DATABASE names the database, and an error shows its address without the password', async () => {
    const url = Object.assign(new URL(await newDatabase()), { port: '1', username: 'eve', password: 'Secret' }).href;
    const before = process.env.DOSSIER_DATABASE;
    process.env.DOSSIER_DATABASE = url;
    try {
      const { stderr } = await sandbox.finish(['schema', 'show', '--tenant', '1'], { exitCode: 1 });
      expect(stderr).to.match(/^error: Cannot open the database \w+:\/\/[^@\s]+:1\/\S+ \(--database\): .+\n$/);
      expect(stderr).not.to.match(/Secret|eve/);
    } finally {
      if (before === undefined) delete process.env.DOSSIER_DATABASE;
      else process.env.DOSSIER_DATABASE = before;
    }
  });
});
