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
});
