import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { CliSandbox } from './cli-process.js';
import { defineSchema, storedProfiles, withDatabase } from './database-file.js';

const SCHEMA = { attributes: [{ name: 'Name', type: 'string' }] } as const;

describe('dossier erase', function () {
  this.timeout(60_000);
  let sandbox: CliSandbox;
  let directory: string;

  beforeEach(async () => {
    sandbox = new CliSandbox();
    directory = await sandbox.directory();
    await defineSchema(directory, 'dossier.db', SCHEMA);
    await withDatabase(directory, 'dossier.db', async ({ profiles }) => {
      for (const customerId of ['amy', 'ann', 'bob']) {
        await profiles.create('1', { customerId, attributes: { Name: `Secret of ${customerId}` } });
      }
      await profiles.merge('1', 'ann', 'amy');
    });
  });
  afterEach(() => sandbox.dispose());

  const run = (args: readonly string[], exitCode = 0) => sandbox.finish([...args, '--tenant', '1'], { exitCode });
  const stored = async () => (await storedProfiles(directory, 'dossier.db')).map(({ customerId }) => customerId);

  it('E1: --yes erases, prints the receipt, and prints the same one again', async () => {
    const args = ['erase', 'ann', '--yes', '--actor', 'eve', '--reason', 'Request 4711'];
    const { stdout, stderr } = await run(args);
    expect(stderr).to.equal(
      'Erased ann, and what was merged into it: amy (1 profile, 2 former states, 0 index entries).\n',
    );
    const receipt = JSON.parse(stdout);
    expect(receipt).to.deep.include({ actor: 'eve', reason: 'Request 4711', customer_ids: ['amy', 'ann'] });
    expect(await stored()).to.deep.equal(['bob']);
    const again = await run(['erase', 'ann']);
    expect(JSON.parse(again.stdout)).to.deep.equal(receipt);
    expect(again.stderr).to.match(/^ann was erased at \d{4}-/);

    const rows = join(directory, 'rows.ndjson');
    await writeFile(rows, '{"customer_id":"ann","Name":"Ann"}\n');
    const refused = await run(['import', 'rows.ndjson'], 2);
    expect(refused.stderr).to.contain('The customer id is erased.');
    await run(['import', 'rows.ndjson', '--after-erasure', receipt.erasure]);
    expect(await stored()).to.deep.equal(['ann', 'bob']);
  });

  it('without --yes, erases nothing where nobody can be asked; nor does --dry-run', async () => {
    const refused = await run(['erase', 'ann'], 1);
    expect(refused.stderr).to.contain('error: Nothing was erased. Add --yes to confirm');
    const { stdout, stderr } = await run(['erase', 'ann', '--dry-run']);
    expect(stdout).to.equal('');
    expect(stderr).to.match(/^Would erase ann, and what was merged into it: amy \(1 profile/);
    expect(await stored()).to.deep.equal(['ann', 'bob']);
    expect((await run(['erase', 'nobody', '--yes'], 1)).stderr).to.match(/^error: The tenant has no profile/);
  });
});
