import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { CliSandbox } from './cli-process.js';
import { defineSchema, storedProfiles } from './database-file.js';

const SCHEMA = {
  attributes: [
    { name: 'Name', type: 'string', mandatory: true },
    { name: 'Email', type: 'string', multiValued: true },
  ],
  extensions: [
    { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }], unique: ['Number'] },
  ],
  identificationKeys: [{ name: 'byEmail', attributes: ['Email'] }],
} as const;

/** Several batches, so that an import can be interrupted midway. */
const MANY = 20_000;
const manyLines = () => Array.from({ length: MANY }, (_, index) => `{"Name":"${index}"}\n`).join('');

describe('dossier import', function () {
  this.timeout(120_000);
  let sandbox: CliSandbox;
  let directory: string;

  beforeEach(async () => {
    sandbox = new CliSandbox();
    directory = await sandbox.directory();
    await defineSchema(directory, 'dossier.db', SCHEMA);
  });
  afterEach(() => sandbox.dispose());

  const imported = () => storedProfiles(directory, 'dossier.db');
  const names = async () => (await imported()).map(({ attributes }) => attributes.Name);
  const write = (name: string, text: string) => writeFile(join(directory, name), text);

  it('imports NDJSON and prints the counts', async () => {
    await write('a.ndjson', '{"customer_id":"a","Name":"Ann","Phone":[{"Number":"1"}]}\n{"Name":"Bob"}\n');
    const { stdout } = await sandbox.finish(['import', 'a.ndjson', '--tenant', '1']);
    expect(stdout).to.equal('2 rows: 2 created, 0 replaced, 0 skipped, 0 failed\n');
    const [bob, ann] = await imported();
    expect(ann).to.deep.equal({
      customerId: 'a',
      attributes: { Name: 'Ann' },
      extensions: { Phone: [{ Number: '1' }] },
    });
    expect(bob?.customerId).to.match(/^[0-9A-Za-z]{16}$/);
  });

  it('imports CSV by file name or --format, with --delimiter, from a file or the standard input', async () => {
    await write('a.csv', 'customer_id,Name,Email,Email,Phone.Number\na,Ann,x,y,1\n');
    await sandbox.finish(['import', 'a.csv', '--tenant', '1']);
    const input = 'customer_id\tName\nb\tBob\n';
    await sandbox.finish(['import', '-', '--tenant', '001', '--format', 'csv', '--delimiter', 'tab'], { input });
    expect(await imported()).to.deep.equal([
      { customerId: 'a', attributes: { Name: 'Ann', Email: ['x', 'y'] }, extensions: { Phone: [{ Number: '1' }] } },
      { customerId: 'b', attributes: { Name: 'Bob' }, extensions: { Phone: [] } },
    ]);
  });

  it('R11: prints rows with errors by file and line, without values, and exits with 2', async () => {
    await write('a.ndjson', '{"Name":"Ann"}\n{"Name":7331}\nSecret\n{"Name":"Bob"}\n');
    const { stdout, stderr } = await sandbox.finish(['import', 'a.ndjson', '--tenant', '1'], { exitCode: 2 });
    expect(stdout).to.equal('4 rows: 2 created, 0 replaced, 0 skipped, 2 failed\n');
    expect(stderr).to.match(/^a\.ndjson:2: invalid_profile: .+\n {2}\/Name \(R3\): .+$/m);
    expect(stderr).to.match(/^a\.ndjson:3: malformed_request: .+$/m);
    expect(stderr).not.to.match(/Secret|7331/);
    expect(await names()).to.have.members(['Ann', 'Bob']);
  });

  it('--max-errors stops the import and prints the line to continue from', async () => {
    await write('a.ndjson', '{"Name":"Ann"}\n{}\n{"Name":"Bob"}\n');
    const args = ['import', 'a.ndjson', '--tenant', '1', '--max-errors', '1'];
    const { stderr } = await sandbox.finish(args, { exitCode: 2 });
    expect(stderr).to.match(/^Stopped after 1 rows with errors \(--max-errors\), before line 3\..* --start-from 3\.$/m);
    await sandbox.finish(args);
    expect(await names()).to.have.members(['Ann', 'Bob']);
  });

  for (const [existing, outcome, exitCode] of [
    ['skip', 'Ann', 0],
    ['replace', 'Anna', 0],
    ['refuse', 'Ann', 2],
  ] as const) {
    it(`--existing ${existing} applies to existing profiles, matched by customer_id or --id-key`, async () => {
      const input = '{"customer_id":"a","Name":"Ann","Email":"x"}\n';
      await sandbox.finish(['import', '-', '--tenant', '1'], { input });
      for (const [row, options] of [
        ['{"customer_id":"a","Name":"Anna","Email":"x"}\n', []],
        ['{"Name":"Anna","Email":"x"}\n', ['--id-key', 'byEmail']],
      ] as const) {
        const args = ['import', '-', '--tenant', '1', '--existing', existing, ...options];
        await sandbox.finish(args, { input: row, exitCode });
        expect(await names()).to.deep.equal([outcome]);
      }
    });
  }

  it('SIGINT stops after the batch, and the same command continues: no row is lost or duplicated', async () => {
    await write('a.ndjson', manyLines());
    const first = await sandbox.run('import', 'a.ndjson', '--tenant', '1');
    await first.written(/^line /m, 'stderr');
    first.signal('SIGINT');
    expect(await first.exit()).to.equal(130);
    expect(first.stderr).to.match(/^Interrupted before line [0-9]+\. Run the same command again/m);
    const before = (await imported()).length;
    expect(before).to.be.lessThan(MANY);
    const { stderr } = await sandbox.finish(['import', 'a.ndjson', '--tenant', '1']);
    expect(stderr).to.contain(`Starting from line ${before + 1}.`);
    expect(new Set(await names()).size).to.equal(MANY);
    expect(await imported()).to.have.length(MANY);
    expect(await readdir(directory)).not.to.include('a.ndjson.import');
  });

  it('after kill -9, the same command continues: no row is lost or duplicated', async () => {
    await write('a.csv', `Name\n${Array.from({ length: MANY }, (_, index) => `${index}\n`).join('')}`);
    for (let kills = 0; kills < 2; kills += 1) {
      const killed = await sandbox.run('import', 'a.csv', '--tenant', '1');
      await killed.written(/^line /m, 'stderr');
      killed.signal('SIGKILL');
      expect(await killed.exit()).to.equal(null);
    }
    await sandbox.finish(['import', 'a.csv', '--tenant', '1']);
    expect(new Set(await names()).size).to.equal(MANY);
    expect(await imported()).to.have.length(MANY);
  });

  it('SIGINT while the standard input is idle: --start-from continues', async () => {
    const first = await sandbox.runWithInput('import', '-', '--tenant', '1');
    first.stdin.write(manyLines());
    await first.written(/^line /m, 'stderr');
    first.signal('SIGINT');
    const line = await first.written(/--start-from ([0-9]+)\.$/m, 'stderr');
    expect(await first.exit()).to.equal(130);
    await sandbox.finish(['import', '-', '--tenant', '1', '--start-from', line], { input: manyLines() });
    expect(new Set(await names()).size).to.equal(MANY);
    expect(await imported()).to.have.length(MANY);
  });

  it('a file that is refused before its first row leaves no progress behind, and can be mended', async () => {
    await write('a.csv', 'E-Mail;Name\na@example.com;Ann\n');
    const args = ['import', 'a.csv', '--tenant', '1'];
    await sandbox.finish(args, { exitCode: 1 });
    await write('a.csv', 'Name\nAnn\n');
    await sandbox.finish(args);
    expect(await names()).to.deep.equal(['Ann']);
  });

  it('a file that has changed since the interrupt needs --start-from', async () => {
    await write('a.ndjson', '{"Name":"Ann"}\n{}\n{"Name":"Bob"}\n');
    const args = ['import', 'a.ndjson', '--tenant', '1', '--max-errors', '1'];
    await sandbox.finish(args, { exitCode: 2 });
    await write('a.ndjson', '{"Name":"Ann"}\n{"Name":"Cy"}\n{"Name":"Bob"}\n');
    const { stderr } = await sandbox.finish(args, { exitCode: 1 });
    expect(stderr).to.match(/^error: a\.ndjson has changed .+ --start-from 3, .+ --start-from 1\.\n$/);
    await sandbox.finish([...args, '--start-from', '2']);
    expect(await names()).to.have.members(['Ann', 'Cy', 'Bob']);
  });

  it('ends after an error on a terminal, where it shows a progress bar', async () => {
    await write('a.csv', 'Name\nAnn\n');
    const before = process.env.NODE_OPTIONS;
    process.env.NODE_OPTIONS = '--import=data:text/javascript,process.stderr.isTTY=true';
    try {
      const args = ['import', 'a.csv', '--tenant', '1', '--id-key', 'byNothing'];
      const refused = sandbox.finish(args, { exitCode: 1 });
      const inTime = setTimeout(20_000, undefined, { ref: false });
      expect((await Promise.race([refused, inTime]))?.stderr).to.match(
        /error: --id-key byNothing: .+ Choose from byEmail\.\n$/,
      );
    } finally {
      if (before === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = before;
    }
  });

  it('refuses a file that cannot be opened with one line and exit code 1', async () => {
    const server = createServer().listen(join(directory, 'a.ndjson'));
    await once(server, 'listening');
    try {
      const { stderr } = await sandbox.finish(['import', 'a.ndjson', '--tenant', '1'], { exitCode: 1 });
      expect(stderr).to.match(/^error: Cannot read a\.ndjson: [\w ]+\.\n$/);
    } finally {
      server.close();
    }
  });

  const mistakes: Record<string, readonly string[]> = {
    'a missing file': ['nowhere.ndjson', '--tenant', '1'],
    'a tenant without a schema': ['-', '--tenant', '2'],
    'no tenant': ['-'],
    'an unknown key': ['-', '--tenant', '1', '--id-key', 'byNothing'],
    'an invalid delimiter': ['-', '--tenant', '1', '--format', 'csv', '--delimiter', ';;'],
    'a database in memory': ['-', '--tenant', '1', '--database', 'memory:'],
  };
  for (const [what, args] of Object.entries(mistakes)) {
    it(`refuses ${what} with one line and exit code 1`, async () => {
      const { stderr } = await sandbox.finish(['import', ...args], { exitCode: 1, input: '{"Name":"Ann"}\n' });
      expect(stderr).to.match(/^error: .+\n$/);
    });
  }
});
