import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { CliSandbox } from './cli-process.js';
import { defineSchema, storedProfiles, withDatabase } from './database-file.js';

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
  const storedRevisions = () =>
    withDatabase(directory, 'dossier.db', async ({ profiles }) => {
      const revisions = new Map<string, number>();
      for await (const { customerId, revision } of profiles.all('1')) revisions.set(customerId, revision);
      return revisions;
    });
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

  it('prints the same error of many rows once', async () => {
    await write('rows.ndjson', `${'{"Nope":1}\n'.repeat(50)}{"Name":7}\n`);
    const { stderr } = await sandbox.finish(['import', 'rows.ndjson', '--tenant', '1'], { exitCode: 2 });
    expect(stderr.match(/Nope/g)).to.have.length.below(3);
    expect(stderr).to.include('The same in 49 more rows, lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …');
    expect(stderr)
      .to.match(/^rows\.ndjson:1: invalid_profile: /m)
      .and.to.match(/^rows\.ndjson:51: invalid_profile: /m);
  });

  it('--max-errors stops the import; corrected and run again, it imports the rows with errors and those that follow', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => (index % 2 ? '{}' : `{"Name":"${index}"}`));
    const file = () => write('a.ndjson', `${lines.join('\n')}\n`);
    await file();
    const args = ['import', 'a.ndjson', '--tenant', '1'];
    const first = await sandbox.finish(args, { exitCode: 2 });
    expect(first.stdout).to.equal('200 rows: 100 created, 0 replaced, 0 skipped, 100 failed\n');
    expect(first.stderr).to.match(/^Stopped after 100 rows with errors \(--max-errors\), before line 201\. /m);
    expect(first.stderr).to.include(
      'not imported: lines 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, …. Correct them on their lines',
    );
    expect(first.stderr).to.include('it imports them, then the rows from line 201.');

    const uncorrected = await sandbox.finish(args, { exitCode: 2 });
    expect(uncorrected.stdout).to.equal('100 rows: 0 created, 0 replaced, 0 skipped, 100 failed\n');

    for (const [index, line] of lines.entries())
      if (line === '{}' && index !== 249) lines[index] = `{"Name":"${index}"}`;
    await file();
    const second = await sandbox.finish(args, { exitCode: 2 });
    expect(second.stdout).to.equal('200 rows: 199 created, 0 replaced, 0 skipped, 1 failed\n');
    expect(second.stderr).to.match(
      /^Continuing from a\.ndjson\.import: rows with errors \(lines 2, 4, .+, then rows from line 201\.$/m,
    );
    expect(second.stderr).to.match(
      /not imported: line 250\. .+ it imports them alone\. .+, delete a\.ndjson\.import\.$/m,
    );

    lines[249] = '{"Name":"249"}';
    await file();
    const third = await sandbox.finish(args);
    expect(third.stdout).to.equal('1 rows: 1 created, 0 replaced, 0 skipped, 0 failed\n');
    expect((await names()).sort()).to.deep.equal(Array.from(lines, (_, index) => `${index}`).sort());
    expect(await readdir(directory)).not.to.include('a.ndjson.import');
  });

  it('rows with errors are imported once the schema accepts them', async () => {
    await write('a.csv', `Name\nAnn\n${'Bob'.padEnd(300, '.')}\n`);
    const args = ['import', 'a.csv', '--tenant', '1'];
    await sandbox.finish(args, { exitCode: 2 });
    const longer = { name: 'Name', type: 'string', mandatory: true, length: 300 } as const;
    const schema = { ...SCHEMA, attributes: [longer, ...SCHEMA.attributes.slice(1)] };
    await defineSchema(directory, 'dossier.db', schema);
    const { stdout, stderr } = await sandbox.finish(args);
    expect(stdout).to.equal('1 rows: 1 created, 0 replaced, 0 skipped, 0 failed\n');
    expect(stderr).to.include('The schema has changed from version 1 to 2: these rows are imported by the new one.');
    expect(await names()).to.have.members(['Ann', 'Bob'.padEnd(300, '.')]);
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
    expect(stderr).to.contain(`Continuing from a.ndjson.import: rows from line ${before + 1}.`);
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

  it('killed between errors and their correction, it loses and doubles no row', async () => {
    const lines = manyLines().split('\n');
    // In few batches: rows of a batch that has errors are imported one by one.
    const wrong = [3, 4, 5, 15_000, 15_001];
    for (const index of wrong) lines[index] = '{}';
    await write('a.ndjson', lines.join('\n'));
    const args = ['import', 'a.ndjson', '--tenant', '1'];
    const killed = await sandbox.run(...args);
    await killed.written(/^line /m, 'stderr');
    killed.signal('SIGKILL');
    expect(await killed.exit()).to.equal(null);
    await sandbox.finish([...args, '--max-errors', '4'], { exitCode: 2 });
    for (const index of wrong) lines[index] = `{"Name":"${index}"}`;
    await write('a.ndjson', lines.join('\n'));
    const again = await sandbox.run(...args);
    await again.written(/^line /m, 'stderr');
    again.signal('SIGKILL');
    await again.exit();
    await sandbox.finish(args);
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

  describe('an import that is not done', () => {
    const args = ['import', 'a.ndjson', '--tenant', '1'];
    const [ann, bob] = ['{"Name":"Ann"}\n', '{"Name":"Bob"}\n'];
    beforeEach(async () => {
      await write('a.ndjson', `${ann}{}\n${bob}`);
      await sandbox.finish(args, { exitCode: 2 });
    });
    const refused = async (...more: string[]) => (await sandbox.finish([...args, ...more], { exitCode: 1 })).stderr;

    for (const [what, text] of Object.entries({
      'a row that was imported has changed': `${ann}{}\n{"Name":"Cy"}\n`,
      'a row was inserted': `${ann}{"Name":"Cy"}\n{"Name":"Di"}\n${bob}`,
      'a row was removed': `${ann}${bob}`,
    })) {
      it(`is refused if ${what}, and continues once that is undone`, async () => {
        await write('a.ndjson', text);
        expect(await refused()).to.match(/^.*\nerror: Rows of a\.ndjson that were imported have changed, .+\n$/);
        expect(await names()).to.have.members(['Ann', 'Bob']);
        await write('a.ndjson', `${ann}{"Name":"Cy"}\n${bob}`);
        await sandbox.finish(args);
        expect(await names()).to.have.members(['Ann', 'Cy', 'Bob']);
      });
    }

    for (const [what, options] of Object.entries({
      '--existing skip, not --existing replace': ['--existing', 'replace'],
      'no --id-key, not --id-key byEmail': ['--id-key', 'byEmail'],
      '--format ndjson, not --format csv': ['--format', 'csv'],
      '--tenant 1, not --tenant 2': ['--tenant', '2'],
    })) {
      it(`is refused with other options: ${what}`, async () => {
        await withDatabase(directory, 'dossier.db', ({ schemas }) => schemas.define('2', SCHEMA));
        expect(await refused(...options)).to.match(
          new RegExp(`^error: a\\.ndjson\\.import has .+ with ${what}\\. .+\\n$`),
        );
      });
    }

    it('is refused without the --excel that it had: formulas would keep their apostrophes', async () => {
      await write('a.csv', 'Name\n\'\'\n"""\n\'=A1\n');
      const table = ['import', 'a.csv', '--tenant', '1'];
      await sandbox.finish([...table, '--excel', '--max-errors', '1'], { exitCode: 2 });
      await write('a.csv', "Name\n''\nplain\n'=A1\n");
      const { stderr } = await sandbox.finish(table, { exitCode: 1 });
      expect(stderr).to.match(/^error: a\.csv\.import has .+ with --excel, not no --excel\. .+\n$/);
      await sandbox.finish([...table, '--excel']);
      expect(await names()).to.have.members(['Ann', 'Bob', "''", 'plain', '=A1']);
    });

    it('is refused with another --start-from, and takes another --max-errors', async () => {
      expect(await refused('--start-from', '3')).to.match(/^error: --start-from 3: .+ from line 1\. .+\n$/);
      await sandbox.finish([...args, '--start-from', '1', '--max-errors', '1'], { exitCode: 2 });
    });

    it('is refused if its progress cannot be read', async () => {
      await write('a.ndjson.import', '{"tenant":"1","lastLine":7}');
      expect(await refused()).to.match(/^error: a\.ndjson\.import is not the progress of an import .+\n$/);
    });

    it('begins again once its progress is deleted', async () => {
      await rm(join(directory, 'a.ndjson.import'));
      await write('a.ndjson', '{"Name":"Cy"}\n');
      await sandbox.finish(args);
      expect(await names()).to.have.members(['Ann', 'Bob', 'Cy']);
    });
  });

  it('R14: --existing replace replaces the revision of a row, as export --revisions writes it', async () => {
    await write('a.ndjson', '{"customer_id":"a","Name":"Ann"}\n{"customer_id":"b","Name":"Bob"}\n');
    await sandbox.finish(['import', 'a.ndjson', '--tenant', '1']);
    for (const format of ['ndjson', 'csv']) {
      const file = `export.${format}`;
      await sandbox.finish(['export', file, '--tenant', '1', '--revisions']);
      const revision = (await storedRevisions()).get('a');
      await withDatabase(directory, 'dossier.db', ({ profiles }) =>
        profiles.replace('1', 'b', { attributes: { Name: `Changed before ${format}` } }),
      );
      const text = await readFile(join(directory, file), 'utf8');
      await write(file, text.replace(/Ann?a?/, format === 'csv' ? 'Ann' : 'Anna').replace('Bob', 'Bert'));
      const { stdout, stderr } = await sandbox.finish(['import', file, '--tenant', '1', '--existing', 'replace'], {
        exitCode: 2,
      });
      expect(stdout).to.equal('2 rows: 0 created, 1 replaced, 0 skipped, 1 failed\n');
      expect(stderr).to.include('revision_conflict');
      expect((await storedRevisions()).get('a')).to.equal((revision ?? 0) + 1);
      expect(await names()).to.include(`Changed before ${format}`);
    }
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

  describe('columns', () => {
    const TABLE = 'Id,Full Name,E-mail 1 - Value,E-mail 2 - Value,Notes\na,Ann,x,y,private\nb,Bob,z,,private\n';
    const importing = ['import', 'a.csv', '--tenant', '1'];
    const options = ['--map', 'Id=customer_id', '--map', 'Full Name=Name', '--map', 'E-mail 1 - Value=Email'];
    const mapping = {
      map: { 'E-mail 2 - Value': 'Email', 'E-mail 1 - Value': 'Name' },
      ignore: ['Notes', 'Full Name'],
    };

    beforeEach(async () => {
      await write('a.csv', TABLE);
      await write('mapping.json', JSON.stringify(mapping));
    });

    it('are mapped and ignored by options and by a file, of which the options have the last word', async () => {
      const { stdout } = await sandbox.finish([...importing, ...options, '--mapping', 'mapping.json']);
      expect(stdout).to.equal('2 rows: 2 created, 0 replaced, 0 skipped, 0 failed\n');
      expect((await imported()).map(({ attributes }) => attributes)).to.deep.equal([
        { Name: 'Ann', Email: ['x', 'y'] },
        { Name: 'Bob', Email: ['z'] },
      ]);
    });

    it('that are unknown are named before the first row, and leave no progress behind', async () => {
      const { stderr } = await sandbox.finish([...importing, ...options], { exitCode: 1 });
      expect(stderr)
        .to.match(/^error: .+ 4 "E-mail 2 - Value", 5 "Notes"\. .+\n$/)
        .and.not.include('private');
      expect(await imported()).to.deep.equal([]);
      expect(await readdir(directory)).not.to.include('a.csv.import');
    });

    it('an import that is not done is continued with the same mapping, in any order and form', async () => {
      await write('a.csv', `${TABLE}c,,u,v,private\n`);
      const mapped = [...importing, ...options, '--mapping', 'mapping.json'];
      await sandbox.finish(mapped, { exitCode: 2 });
      const { stderr } = await sandbox.finish([...mapped, '--ignore', 'E-mail 2 - Value'], { exitCode: 1 });
      expect(stderr).to.match(/with --map "E-mail 1 - Value=Email" .+, not --map .+ --ignore "E-mail 2 - Value"/);
      await write('a.csv', `${TABLE}c,Cy,u,v,private\n`);
      const all = ['--map', 'E-mail 2 - Value=Email', ...options, '--ignore', 'Notes'];
      await sandbox.finish([...importing, ...all]);
      expect(await names()).to.deep.equal(['Ann', 'Bob', 'Cy']);
    });

    it('L5: --existing patch changes those of the file alone, and --empty-cells clear clears by them', async () => {
      await sandbox.finish([...importing, ...options, '--mapping', 'mapping.json']);
      const patching = [...importing, '--existing', 'patch'];
      await write('a.csv', 'customer_id,Email\na,new\nb,\n');
      const { stdout } = await sandbox.finish(patching);
      expect(stdout).to.equal('2 rows: 0 created, 2 patched, 0 skipped, 0 failed\n');
      const patched = [
        { Name: 'Ann', Email: ['new'] },
        { Name: 'Bob', Email: ['z'] },
      ];
      expect((await imported()).map(({ attributes }) => attributes)).to.deep.equal(patched);
      const { stderr } = await sandbox.finish([...patching, '--empty-cells', 'clear', '--dry-run']);
      expect(stderr).to.include(
        'a.csv:3: would clear /Email\n' +
          'Rows that would take values or records from profiles: 1 (/Email in 1).\n' +
          'Dry run: nothing was stored.\n',
      );
      expect((await imported()).map(({ attributes }) => attributes)).to.deep.equal(patched);
      await sandbox.finish([...patching, '--empty-cells', 'clear']);
      expect((await imported())[1]?.attributes).to.deep.equal({ Name: 'Bob' });
    });
  });

  describe('and what it would take away', () => {
    const EMPTIED = '{"customer_id":"a","Name":"Anne"}\n';
    const replacing = ['import', 'a.ndjson', '--tenant', '1', '--existing', 'replace'];

    beforeEach(async () => {
      const attributes = SCHEMA.attributes.map((one) => ({ ...one, protected: one.name === 'Email' }));
      await withDatabase(directory, 'dossier.db', async ({ profiles, schemas }) => {
        await schemas.define('1', { ...SCHEMA, attributes });
        await profiles.create('1', { customerId: 'a', attributes: { Name: 'Ann', Email: ['ann@example.com'] } });
      });
      await write('a.ndjson', EMPTIED);
    });

    it('L2: a row that would clear a protected attribute is an error; with --allow-loss the same command goes on', async () => {
      const { stderr } = await sandbox.finish(replacing, { exitCode: 2 });
      expect(stderr).to.match(/^a\.ndjson:1: loss_not_allowed: .*\/Email/m);
      expect((await imported())[0]?.attributes).to.have.property('Email');
      await sandbox.finish([...replacing, '--allow-loss', 'email,Phone']);
      expect((await imported())[0]?.attributes).to.deep.equal({ Name: 'Anne' });
    });

    it('L2: refuses a name in --allow-loss that the schema does not know, and keeps no progress', async () => {
      const { stderr } = await sandbox.finish([...replacing, '--allow-loss', 'Fax'], { exitCode: 1 });
      expect(stderr).to.match(/^error: .*allow-loss.*\n$/);
      expect(await readdir(directory)).not.to.include('a.ndjson.import');
    });

    it('L1: --dry-run reports errors and counts, and leaves neither changes nor a journal', async () => {
      const before = await imported();
      await write('b.ndjson', `${EMPTIED}{"Name":7331}\n{"customer_id":"b","Name":"Bob"}\n`);
      const dryRun = ['import', 'b.ndjson', '--tenant', '1', '--existing', 'replace', '--dry-run'];
      const refused = await sandbox.finish(dryRun, { exitCode: 2 });
      expect(refused.stdout).to.equal('3 rows: 1 created, 0 replaced, 0 skipped, 2 failed\n');
      expect(refused.stderr).to.include('loss_not_allowed').and.include('/Name (R3)').and.not.include('7331');
      expect(refused.stderr).to.match(/^Dry run: nothing was stored\.$/m);
      const stopped = await sandbox.finish([...dryRun, '--max-errors', '1'], { exitCode: 2 });
      expect(stopped.stderr).to.match(/Stopped after 1 rows with errors \(--max-errors\), before line 2\.$/m);
      const allowed = await sandbox.finish([...replacing, '--dry-run', '--allow-loss', 'Email']);
      expect(allowed.stdout).to.equal('1 rows: 0 created, 1 replaced, 0 skipped, 0 failed\n');
      expect(await imported()).to.deep.equal(before);
      expect((await readdir(directory)).filter((name) => name.includes('.import'))).to.deep.equal([]);
    });
  });

  const mistakes: Record<string, readonly string[]> = {
    'a missing file': ['nowhere.ndjson', '--tenant', '1'],
    'a tenant without a schema': ['-', '--tenant', '2'],
    'no tenant': ['-'],
    'an unknown key': ['-', '--tenant', '1', '--id-key', 'byNothing'],
    'more errors than it can keep': ['-', '--tenant', '1', '--max-errors', '100001'],
    'an invalid delimiter': ['-', '--tenant', '1', '--format', 'csv', '--delimiter', ';;'],
    'a mapping of NDJSON': ['-', '--tenant', '1', '--map', 'A=Name'],
    'a mapping to an unknown name': ['-', '--tenant', '1', '--format', 'csv', '--map', 'A=Nope'],
    'a mapping file that is missing': ['-', '--tenant', '1', '--format', 'csv', '--mapping', 'nowhere.json'],
    'empty cells that clear in a replacement': ['-', '--tenant', '1', '--format', 'csv', '--empty-cells', 'clear'],
    'a database in memory': ['-', '--tenant', '1', '--database', 'memory:'],
  };
  for (const [what, args] of Object.entries(mistakes)) {
    it(`refuses ${what} with one line and exit code 1`, async () => {
      const { stderr } = await sandbox.finish(['import', ...args], { exitCode: 1, input: '{"Name":"Ann"}\n' });
      expect(stderr).to.match(/^error: .+\n$/);
    });
  }
});
