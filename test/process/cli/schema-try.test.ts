import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { CliSandbox } from './cli-process.js';
import { defineSchema, withDatabase } from './database-file.js';

const NAME = { name: 'Name', type: 'string' } as const;
const PLAN = { name: 'Plan', type: 'string' } as const;

describe('dossier schema try, and define --checked', function () {
  this.timeout(60_000);
  let sandbox: CliSandbox;
  let directory: string;

  beforeEach(async () => {
    sandbox = new CliSandbox();
    directory = await sandbox.directory();
    await defineSchema(directory, 'dossier.db', { attributes: [NAME, PLAN] });
    await withDatabase(directory, 'dossier.db', async ({ profiles }) => {
      await profiles.create('1', { customerId: 'ann', attributes: { Name: 'Ann', Plan: 'gold' } });
      await profiles.create('1', { customerId: 'bob', attributes: {} });
    });
    const strict = { attributes: [{ ...NAME, mandatory: true }] };
    await writeFile(join(directory, 'strict.json'), JSON.stringify(strict));
    await writeFile(
      join(directory, 'wide.json'),
      JSON.stringify({ attributes: [NAME, PLAN, { ...NAME, name: 'City' }] }),
    );
  });
  afterEach(() => sandbox.dispose());

  const run = (exitCode: number, ...args: string[]) =>
    sandbox.finish(['schema', ...args, '--tenant', '1'], { exitCode });
  const version = () => withDatabase(directory, 'dossier.db', async ({ schemas }) => (await schemas.get('1')).version);

  it('S1 try prints what the schema meets, exits with 2 if it does not fit, and changes nothing', async () => {
    const { stdout } = await run(2, 'try', 'strict.json');
    expect(stdout.trimEnd().split('\n')).to.deep.equal([
      '2 profiles. The schema does not fit.',
      'Broken rules:',
      '  /Name: R9, expected a value, because the attribute is mandatory: a string of at most 256 code points, well-formed and without U+0000: 1 in 1 profile (bob)',
      'Values that would be hidden:',
      '  /Plan: 1 in 1 profile (ann)',
    ]);
    expect((await run(0, 'try', 'wide.json')).stdout).to.equal('2 profiles. The schema fits.\n');
    expect(await version()).to.equal(1);
  });

  it('S1 try --json prints the report', async () => {
    const report = JSON.parse((await run(2, 'try', 'strict.json', '--json')).stdout);
    expect([report.fits, report.profiles, report.violations[0].customerIds]).to.deep.equal([false, 2, ['bob']]);
  });

  it('S2 define --checked refuses a schema that does not fit, with the report', async () => {
    const { stderr } = await run(1, 'define', 'strict.json', '--checked');
    expect(stderr).to.contain('/Plan: 1 in 1 profile (ann)').and.to.contain('error: Stored profiles break the schema');
    expect(await version()).to.equal(1);
    await run(0, 'define', 'wide.json', '--checked');
    expect(await version()).to.equal(2);
  });

  it('R26 diff tells what the schema changes, exits with 2 if a key stands against it, and changes nothing', async () => {
    await writeFile(
      join(directory, 'renamed.json'),
      JSON.stringify({ attributes: [{ ...NAME, name: 'FullName', formerly: ['Name'] }, PLAN] }),
    );
    const renamed = 'Attribute FullName is renamed from Name, and keeps what is stored.\n';
    expect((await run(0, 'diff', 'renamed.json')).stdout).to.equal(renamed);
    expect(JSON.parse((await run(0, 'diff', 'renamed.json', '--json')).stdout)).to.deep.equal({
      changes: [{ definition: 'attribute', name: 'FullName', change: 'renamed', from: ['Name'] }],
      allowed: true,
    });
    await withDatabase(directory, 'dossier.db', async ({ schemas }) => {
      await schemas.addKey('1', { name: 'byName', attributes: ['Name'] });
    });
    const byName = { name: 'byName', attributes: ['Name'] };
    const retyped = { attributes: [{ ...NAME, type: 'integer' }, PLAN], identificationKeys: [byName] };
    await writeFile(join(directory, 'retyped.json'), JSON.stringify(retyped));
    expect((await run(2, 'diff', 'retyped.json')).stdout).to.contain('Key byName stands against the change');
    await writeFile(join(directory, 'wrong.json'), '{"attributes":[{"name":"1","type":"string"}]}');
    expect((await run(1, 'diff', 'wrong.json')).stderr).to.contain('/attributes/0/name');
  });
});
