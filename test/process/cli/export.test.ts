import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { SchemaDefinition } from 'dossier';
import fc from 'fast-check';
import { anyCharacter } from '../../any-character.js';
import { CliSandbox } from './cli-process.js';
import { defineSchema, storedProfiles, withDatabase } from './database-file.js';

const SCHEMA = {
  attributes: [
    { name: 'Name', type: 'string' },
    { name: 'constructor', type: 'string', multiValued: true },
    { name: 'Score', type: 'double' },
    { name: 'Count', type: 'long' },
    { name: 'Active', type: 'boolean' },
    { name: 'Balance', type: 'currency' },
    { name: 'Born', type: 'date' },
    { name: 'Seen', type: 'datetime' },
  ],
  extensions: [
    { name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] },
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Number', type: 'string' },
        { name: 'Rank', type: 'integer' },
      ],
    },
  ],
} as const satisfies SchemaDefinition;

/** Members of every type, with text that stresses a format: quotes, line breaks, all of Unicode. */
function randomMembers(shortest: number): fc.Arbitrary<Record<string, unknown>> {
  const text = fc
    .oneof(
      fc.string({ unit: anyCharacter, minLength: shortest, maxLength: 12 }),
      fc.constantFrom('"', ',', '\r\n', '\n', '\ufeff', ' ', '=1+1', "'=1+1", 'null', '1', '[]'),
    )
    .filter((value) => !value.includes('\0'));
  const phone = fc.record({ Number: text, Rank: fc.integer() }, { requiredKeys: ['Number'] });
  return fc.record(
    {
      Name: text,
      constructor: fc.array(text, { minLength: 1, maxLength: 4 }),
      Score: fc.double({ noNaN: true, noDefaultInfinity: true }),
      Count: fc.oneof(fc.maxSafeInteger(), fc.constantFrom('9223372036854775807', '-9007199254740993')),
      Active: fc.boolean(),
      Balance: fc.constantFrom('0', '-12.5', '999999999999999.9999'),
      Born: fc.constantFrom('1962-05-10', '0001-01-01'),
      Seen: fc.constantFrom('2026-01-02T03:04:05.678Z'),
      Address: fc.record({ City: text }),
      Phone: fc.array(phone, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: [] },
  );
}

const MANY = 30_000;

describe('dossier export', function () {
  this.timeout(120_000);
  let sandbox: CliSandbox;
  let directory: string;

  beforeEach(async () => {
    sandbox = new CliSandbox();
    directory = await sandbox.directory();
    await defineSchema(directory, 'dossier.db', SCHEMA);
  });
  afterEach(() => sandbox.dispose());

  const store = (
    rows: readonly Record<string, unknown>[],
    segmentOf = (_row: number): string | undefined => undefined,
  ) =>
    withDatabase(directory, 'dossier.db', async ({ profiles }) => {
      for (let start = 0; start < rows.length; start += 1_000) {
        await profiles.createMany(
          '1',
          rows.slice(start, start + 1_000).map((members, index) => ({ members, segment: segmentOf(index) })),
        );
      }
    });
  const storeMany = () => store(Array.from({ length: MANY }, (_, index) => ({ Name: `${index}` })));
  const content = (name: string) => readFile(join(directory, name), 'utf8');

  for (const [format, options, shortest] of [
    ['ndjson', [], 0],
    ['csv', [], 1],
    ['csv', ['--delimiter', ';'], 1],
    ['csv', ['--excel'], 1],
  ] as const) {
    it(`exported as ${[format, ...options].join(' ')}, then imported into an empty database, restores the same profiles`, async () => {
      await store(fc.sample(randomMembers(shortest), 150), (row) => [undefined, 'gold', '"; ,\'=~'][row % 3]);
      const file = `all.${format}`;
      await sandbox.finish(['export', file, '--tenant', '1', ...options]);
      const schema = (await sandbox.finish(['schema', 'show', '--tenant', '1'])).stdout;
      const other = ['--tenant', '1', '--database', 'sqlite:other.db'];
      await sandbox.finish(['schema', 'define', '-', ...other], { input: schema });
      await sandbox.finish(['import', file, ...other, ...options]);
      const expected = await storedProfiles(directory, 'dossier.db');
      expect(expected).to.have.length(150);
      expect(await storedProfiles(directory, 'other.db')).to.deep.equal(expected);
      await sandbox.finish(['export', `again.${format}`, ...other, ...options]);
      expect(await content(`again.${format}`)).to.equal(await content(file));
    });
  }

  for (const format of ['ndjson', 'csv']) {
    it(`R8: imported with --existing replace, it leaves no record that the export did not have: ${format}`, async () => {
      await withDatabase(directory, 'dossier.db', async ({ profiles }) => {
        await profiles.create('1', { customerId: 'a', members: { Name: 'Ann' } });
        await profiles.create('1', { customerId: 'b', members: { Phone: [{ Number: '1' }] } });
      });
      const exported = await storedProfiles(directory, 'dossier.db');
      const file = `all.${format}`;
      await sandbox.finish(['export', file, '--tenant', '1']);
      await withDatabase(directory, 'dossier.db', async ({ profiles }) => {
        for (const customerId of ['a', 'b']) {
          const members = { Address: { City: 'Dayton' }, Phone: [{ Number: '7' }] };
          await profiles.replace('1', customerId, { members });
        }
      });
      await sandbox.finish(['import', file, '--tenant', '1', '--existing', 'replace']);
      expect(await storedProfiles(directory, 'dossier.db')).to.deep.equal(exported);
    });
  }

  it('writes to the standard output without a file, and --after skips profiles up to a customer id', async () => {
    await withDatabase(directory, 'dossier.db', async ({ profiles }) => {
      for (const customerId of ['a', 'b', 'c']) await profiles.create('1', { customerId, members: {} });
    });
    const ndjson = await sandbox.finish(['export', '--tenant', '1', '--after', 'a']);
    expect(ndjson.stdout).to.equal(
      '{"customer_id":"b","Address":null,"Phone":[]}\n{"customer_id":"c","Address":null,"Phone":[]}\n',
    );
    const csv = await sandbox.finish(['export', '-', '--tenant', '1', '--format', 'csv', '--after', 'b']);
    expect(csv.stdout.split('\r\n')[1]).to.match(/^c,/);
  });

  it('W1: exports segments as _segment, a column of CSV only if a profile has one', async () => {
    await withDatabase(directory, 'dossier.db', async ({ profiles }) => {
      await profiles.create('1', { customerId: 'a', members: {} }, { segment: 'gold' });
      await profiles.create('1', { customerId: 'b', members: {} });
    });
    const ndjson = await sandbox.finish(['export', '--tenant', '1']);
    expect(ndjson.stdout).to.equal(
      '{"customer_id":"a","_segment":"gold","Address":null,"Phone":[]}\n{"customer_id":"b","Address":null,"Phone":[]}\n',
    );
    const csv = await sandbox.finish(['export', '--tenant', '1', '--format', 'csv']);
    expect(csv.stdout).to.match(/^customer_id,_segment,Name,.*\r\na,gold,,.*\r\nb,,,.*\r\n$/);
    const others = await sandbox.finish(['export', '--tenant', '1', '--format', 'csv', '--after', 'a']);
    expect(others.stdout).not.to.contain('_segment');
  });

  it('--excel writes a byte-order mark and no formulas, and is refused for NDJSON', async () => {
    await withDatabase(directory, 'dossier.db', ({ profiles }) =>
      profiles.create('1', { customerId: 'a', members: { Name: '=1+1', Balance: '-12.5' } }),
    );
    const { stdout } = await sandbox.finish(['export', '-', '--tenant', '1', '--format', 'csv', '--excel']);
    expect(stdout).to.match(/^\ufeffcustomer_id,Name,.+\r\na,'=1\+1,,,,,-12\.5,/);
    await writeFile(join(directory, 'in.ndjson'), '');
    for (const command of ['export', 'import']) {
      const args = [command, 'in.ndjson', '--tenant', '1', '--excel'];
      expect((await sandbox.finish(args, { exitCode: 1 })).stderr).to.match(/^error: --excel is for CSV\. .+\n$/);
    }
  });

  it('R17: exports only the profiles of its tenant', async () => {
    await store([{ Name: 'Ann' }]);
    await withDatabase(directory, 'dossier.db', ({ schemas }) => schemas.define('2', SCHEMA));
    expect((await sandbox.finish(['export', '--tenant', '2'])).stdout).to.equal('');
  });

  it('creates files that only their owner can read', async () => {
    await sandbox.finish(['export', 'all.ndjson', '--tenant', '1']);
    await sandbox.finish(['export', 'all.csv', '--tenant', '1']);
    for (const name of ['all.ndjson', 'all.csv']) {
      expect((await stat(join(directory, name))).mode & 0o777, name).to.equal(0o600);
    }
  });

  it('counts the profiles that CSV cannot represent, and exits with 2', async () => {
    await store([{ Name: '' }, { Name: 'Ann' }]);
    const { stderr } = await sandbox.finish(['export', 'all.csv', '--tenant', '1'], { exitCode: 2 });
    expect(stderr).to.match(/^1 profiles have empty strings or empty records, which CSV cannot represent/m);
  });

  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGKILL', null],
  ] as const) {
    it(`${signal} leaves no partial file under the final name, and --resume completes it`, async () => {
      await storeMany();
      await writeFile(join(directory, 'all.ndjson'), 'earlier export');
      const interrupted = await sandbox.run('export', 'all.ndjson', '--tenant', '1');
      await interrupted.written(/^[0-9]+ profiles/m, 'stderr');
      interrupted.signal(signal);
      expect(await interrupted.exit()).to.equal(exitCode);
      expect(await content('all.ndjson')).to.equal('earlier export');

      const resumed = await sandbox.finish(['export', 'all.ndjson', '--tenant', '1', '--resume']);
      const count = Number(/^([0-9]+) profiles exported/m.exec(resumed.stderr)?.[1]);
      if (signal === 'SIGINT') expect(count).to.be.lessThan(MANY);
      await sandbox.finish(['export', 'whole.ndjson', '--tenant', '1']);
      expect(await content('all.ndjson')).to.equal(await content('whole.ndjson'));
      expect(await readdir(directory)).to.have.members(['all.ndjson', 'whole.ndjson', 'dossier.db']);
    });
  }

  it('SIGINT prints how to continue: --resume for a file, --after for the standard output', async () => {
    await storeMany();
    for (const [args, next] of [
      [['all.ndjson'], /^Interrupted\. Run the same command with --resume to continue\.$/m],
      [['all.csv'], /^Interrupted\. Run the same command with --resume to continue\.$/m],
      [['-'], /^Interrupted\. To continue, use --after (\S+)\.$/m],
      [['-', '--format', 'csv'], /^Interrupted\. Nothing was written\.$/m],
    ] as const) {
      const interrupted = await sandbox.run('export', ...args, '--tenant', '1');
      await interrupted.written(/^[0-9]+ profiles, up to/m, 'stderr');
      interrupted.signal('SIGINT');
      expect(await interrupted.exit()).to.equal(130);
      expect(interrupted.stderr).to.match(next);
      const last = next.exec(interrupted.stderr)?.[1];
      const lines = interrupted.stdout.trimEnd().split('\n');
      expect(lines.at(-1)).to.contain(last === undefined ? '' : `{"customer_id":"${last}"`);
      if (last === undefined) expect(interrupted.stdout).to.equal('');
    }
  });

  it('--resume replaces an incomplete last line', async () => {
    await withDatabase(directory, 'dossier.db', async ({ profiles }) => {
      for (const customerId of ['a', 'b', 'c']) await profiles.create('1', { customerId, members: {} });
    });
    await sandbox.finish(['export', 'whole.ndjson', '--tenant', '1']);
    const whole = await content('whole.ndjson');
    for (const length of [0, 5, whole.indexOf('\n') + 1, whole.length - 1, whole.length]) {
      await writeFile(join(directory, 'all.ndjson.partial'), whole.slice(0, length));
      const target = { tenant: '1', database: `sqlite:${join(directory, 'dossier.db')}` };
      await writeFile(join(directory, 'all.ndjson.partial.target'), JSON.stringify(target));
      await sandbox.finish(['export', 'all.ndjson', '--tenant', '1', '--resume']);
      expect(await content('all.ndjson'), `${length}`).to.equal(whole);
    }
  });

  const mistakes: Record<string, readonly string[]> = {
    'a tenant without a schema': ['--tenant', '2'],
    'a missing directory': ['nowhere/all.ndjson', '--tenant', '1'],
    '--resume without a file': ['--tenant', '1', '--resume'],
    'an invalid delimiter': ['all.csv', '--tenant', '1', '--delimiter', '"'],
    'residual values in CSV': ['all.csv', '--tenant', '1', '--residual'],
  };
  for (const [what, args] of Object.entries(mistakes)) {
    it(`refuses ${what} with exit code 1, before it reads profiles`, async () => {
      const { stderr } = await sandbox.finish(['export', ...args], { exitCode: 1 });
      expect(stderr).to.match(/^error: .+$/m);
      expect(stderr).not.to.match(/exported/);
      expect((await readdir(directory)).filter((name) => name.startsWith('all'))).to.deep.equal([]);
    });
  }

  it('says in one line that the disk is full, and keeps what was written', async () => {
    await store([{ Name: 'Ann' }]);
    await symlink('/dev/full', join(directory, 'out.ndjson.partial'));
    const { stderr } = await sandbox.finish(['export', 'out.ndjson', '--tenant', '1'], { exitCode: 1 });
    expect(stderr).to.match(/^(?:.*\n)?error: Cannot write out\.ndjson\.partial: no space left on device\.\n$/);
  });

  it('says in one line that the file cannot get its name, or that there is no folder for temporary files', async () => {
    await store([{ Name: 'Ann' }]);
    await mkdir(join(directory, 'folder'));
    const { stderr } = await sandbox.finish(['export', 'folder', '--tenant', '1'], { exitCode: 1 });
    expect(stderr).to.match(
      /^.+\nerror: Cannot rename folder\.partial to folder: illegal operation on a directory\.\n$/,
    );
    const before = process.env.TMPDIR;
    process.env.TMPDIR = join(directory, 'nowhere');
    try {
      const table = await sandbox.finish(['export', '--tenant', '1', '--format', 'csv'], { exitCode: 1 });
      expect(table.stderr).to.match(/^error: Cannot mkdtemp .+: no such file or directory\.\n$/);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });

  it('--resume refuses the partial file of another tenant or database, or of an unknown one', async () => {
    await store([{ Name: 'Ann' }]);
    const partial = join(directory, 'out.ndjson.partial');
    const note = `${partial}.target`;
    await writeFile(partial, '{"customer_id":"a"}\n');
    const databaseNamed = (name: string) => `sqlite:${join(directory, name)}`;
    const database = databaseNamed('dossier.db');
    const resume = async (exitCode: number) =>
      (await sandbox.finish(['export', 'out.ndjson', '--tenant', '1', '--resume'], { exitCode })).stderr;
    expect(await resume(1)).to.include('an unknown tenant');
    await writeFile(note, JSON.stringify({ tenant: '2', database }));
    expect(await resume(1)).to.include(`tenant 2 of ${database}, not of tenant 1`);
    await writeFile(note, JSON.stringify({ tenant: '1', database: databaseNamed('other.db') }));
    expect(await resume(1)).to.include('other.db');
    await writeFile(note, JSON.stringify({ tenant: '1', database: databaseNamed('elsewhere/dossier.db') }));
    expect(await resume(1), 'a file of the same name in another folder').to.include('elsewhere');
    await writeFile(note, JSON.stringify({ tenant: '1', database }));
    expect(
      (await sandbox.finish(['export', 'out.ndjson', '--tenant', '1', '--resume', '--revisions'], { exitCode: 1 }))
        .stderr,
    ).to.include(`not of tenant 1 of ${database} with --revisions`);
    expect(
      (await sandbox.finish(['export', 'out.ndjson', '--tenant', '1', '--resume', '--residual'], { exitCode: 1 }))
        .stderr,
    ).to.include(`not of tenant 1 of ${database} with --residual`);
    await resume(0);
    expect(await readdir(directory))
      .to.include('out.ndjson')
      .and.not.to.include('out.ndjson.partial.target');
  });

  it('R23: --residual adds what the schema does not know, which no import takes', async () => {
    await store([{ Name: 'Ann', Score: 3.5 }, { Name: 'Bob' }]);
    const attributes = SCHEMA.attributes.filter(({ name }) => name !== 'Score');
    await defineSchema(directory, 'dossier.db', { ...SCHEMA, attributes });
    const rows = async (...options: string[]) => {
      const { stdout } = await sandbox.finish(['export', '--tenant', '1', ...options]);
      return stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    };
    expect(JSON.stringify(await rows())).not.to.include('3.5');
    const residual = (await rows('--residual')).map(({ Name, _residual }) => [Name, _residual]);
    expect(residual).to.have.deep.members([
      ['Ann', { attributes: { Score: 3.5 } }],
      ['Bob', undefined],
    ]);
    await sandbox.finish(['export', 'all.ndjson', '--tenant', '1', '--residual']);
    const args = ['import', 'all.ndjson', '--tenant', '1', '--existing', 'replace'];
    const { stderr } = await sandbox.finish(args, { exitCode: 2 });
    expect(stderr)
      .to.match(/malformed_request: The member _residual .+$/m)
      .and.not.include('3.5');
  });

  it('R23: schema define --residual drop removes what the schema does not know', async () => {
    await store([{ Name: 'Ann', Score: 3.5 }]);
    const { Score: _, ...kept } = Object.fromEntries(SCHEMA.attributes.map((one) => [one.name, one]));
    await writeFile(join(directory, 'schema.json'), JSON.stringify({ ...SCHEMA, attributes: Object.values(kept) }));
    const residual = async () => (await sandbox.finish(['export', '--tenant', '1', '--residual'])).stdout;
    const define = ['schema', 'define', 'schema.json', '--tenant', '1'];
    await sandbox.finish(define);
    expect(await residual()).to.include('3.5');
    await sandbox.finish([...define, '--residual', 'drop']);
    expect(await residual()).not.to.include('3.5');
  });

  it('creates no database, and says which one has no schema', async () => {
    for (const args of [
      ['export', '--tenant', '1'],
      ['schema', 'show', '--tenant', '1'],
      ['import', '-', '--tenant', '1'],
    ]) {
      const missing = await sandbox.finish([...args, '--database', 'sqlite:none.db'], { exitCode: 1 });
      expect(missing.stderr).to.include('There is no database file none.db');
      const empty = await sandbox.finish([...args.slice(0, -1), '7'], { exitCode: 1 });
      expect(empty.stderr).to.include('Tenant 7 has no schema in sqlite:./dossier.db.');
    }
    expect(await readdir(directory)).not.to.include('none.db');
  });

  it('says where a schema file is not JSON', async () => {
    await writeFile(join(directory, 'schema.json'), '{\n  "attributes": [],\n}\n');
    const { stderr } = await sandbox.finish(['schema', 'define', 'schema.json', '--tenant', '1'], { exitCode: 1 });
    expect(stderr).to.equal('error: schema.json: The text is not valid JSON: see line 3, column 1.\n');
  });
});
