import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { CliSandbox } from './cli-process.js';
import { defineSchema, storedProfiles, withDatabase } from './database-file.js';

const SCHEMA = { attributes: [{ name: 'Name', type: 'string' }] } as const;
const TENANT = ['--tenant', '1'] as const;

describe('dossier history, restore and prune', function () {
  this.timeout(60_000);
  let sandbox: CliSandbox;
  let directory: string;

  /** A profile with the revisions 1 to 3. */
  beforeEach(async () => {
    sandbox = new CliSandbox();
    directory = await sandbox.directory();
    await defineSchema(directory, 'dossier.db', SCHEMA);
    await withDatabase(directory, 'dossier.db', async ({ profiles }) => {
      await profiles.create('1', { customerId: 'ann', attributes: { Name: 'Ann' } });
      await profiles.replace('1', 'ann', { attributes: { Name: 'Anne' } }, { actor: 'zoë', reason: 'Asked by phone' });
      await profiles.replace('1', 'ann', { attributes: {} }, { actor: 'bob' });
    });
  });
  afterEach(() => sandbox.dispose());

  const run = (...args: string[]) => sandbox.finish([...args, ...TENANT]);
  const json = async (...args: string[]) => JSON.parse((await run('history', 'ann', '--json', ...args)).stdout);
  const revisions = async (...args: string[]) =>
    (await json(...args)).map(({ revision }: { readonly revision: number }) => revision);

  it('history prints a line for each state, the newest first', async () => {
    const [names, ...lines] = (await run('history', 'ann')).stdout.trimEnd().split('\n');
    expect(names).to.match(/^REVISION +TIME +OPERATION +ACTOR +REASON +CHANGED$/);
    expect(lines.map((line) => line.replace(/\d{4}-\S+Z/, 'TIME').split(/ {2,}/))).to.deep.equal([
      ['3', 'TIME', 'replace', 'bob', '/Name'],
      ['2', 'TIME', 'replace', 'zoë', 'Asked by phone', '/Name'],
      ['1', 'TIME', 'create'],
    ]);
  });

  it('history --json prints what the HTTP API answers to an administrator', async () => {
    const [newest, second] = await json();
    expect(Object.keys(newest)).to.deep.equal(['revision', 'time', 'operation', 'actor', 'changed']);
    expect(second).to.deep.include({ revision: 2, actor: 'zoë', reason: 'Asked by phone', changed: ['/Name'] });
  });

  it('history goes on after what --limit has left out', async () => {
    const first = await run('history', 'ann', '--json', '--limit', '2');
    expect(first.stderr).to.equal('There are older states. To list them, add --after 2.\n');
    expect(await revisions('--limit', '2')).to.deep.equal([3, 2]);
    expect(await revisions('--limit', '2', '--after', '2')).to.deep.equal([1]);
  });

  it('history lists more states than a page has', async () => {
    await withDatabase(directory, 'dossier.db', async ({ profiles }) => {
      for (let revision = 4; revision <= 120; revision += 1) {
        await profiles.replace('1', 'ann', { attributes: { Name: `${revision}` } });
      }
    });
    expect(await revisions('--limit', '110')).to.deep.equal(Array.from({ length: 110 }, (_, index) => 120 - index));
  });

  it('restore makes the profile what it was, and says which revision it has', async () => {
    const { stdout } = await run('restore', 'ann', '2', '--actor', 'eve', '--reason', 'Emptied by mistake');
    expect(stdout).to.equal('ann is as it was in revision 2. It has revision 4.\n');
    const [{ attributes } = {}] = await storedProfiles(directory, 'dossier.db');
    expect(attributes).to.deep.equal({ Name: 'Anne' });
    const [newest] = await json();
    expect(newest).to.include({ operation: 'restore', actor: 'eve', reason: 'Emptied by mistake' });
  });

  it('L1: with --dry-run, restore and unmerge say what would change, and change nothing', async () => {
    const dry = async (...args: string[]) => (await run(...args, '--dry-run')).stdout.trimEnd().split('\n');
    const note = 'This is a dry run: nothing is changed.';
    expect(await dry('restore', 'ann', '2')).to.deep.equal(['ann: added: /Name', note]);
    expect(await dry('restore', 'ann', '3')).to.deep.equal(['Nothing would change.']);
    await withDatabase(directory, 'dossier.db', async ({ profiles }) => {
      await profiles.create('1', { customerId: 'bea', attributes: { Name: 'Bea' } });
      await profiles.merge('1', 'ann', 'bea');
    });
    expect(await dry('unmerge', 'ann', 'bea')).to.have.members(['ann: cleared: /Name', 'bea: added: /Name', note]);
    expect(await revisions()).to.deep.equal([4, 3, 2, 1]);
    expect((await run('unmerge', 'ann', 'bea')).stdout).to.include('bea is back.');
  });

  it('restore brings back a profile that was deleted', async () => {
    await withDatabase(directory, 'dossier.db', ({ profiles }) => profiles.delete('1', 'ann'));
    await run('restore', 'ann', '1');
    expect(await revisions()).to.deep.equal([5, 4, 3, 2, 1]);
  });

  it('--history limits what is answered, and prune removes the rest', async () => {
    expect(await revisions('--history', 'revisions=1')).to.deep.equal([3, 2]);
    expect((await run('prune', '--history', 'revisions=1')).stdout).to.equal('1 former states removed.\n');
    expect(await revisions()).to.deep.equal([3, 2]);
    expect((await run('prune', '--history', 'days=30')).stdout).to.equal('0 former states removed.\n');
  });

  it('import says who and why, and keeps no state with --history none', async () => {
    await writeFile(join(directory, 'rows.ndjson'), '{"customer_id":"ann","Name":"Imported"}\n');
    await run('import', 'rows.ndjson', '--existing', 'replace', '--actor', 'eve', '--reason', 'Monthly');
    expect((await json())[0]).to.include({ revision: 4, operation: 'import', actor: 'eve', reason: 'Monthly' });
    await writeFile(join(directory, 'rows.ndjson'), '{"customer_id":"ann","Name":"Again"}\n');
    await run('import', 'rows.ndjson', '--existing', 'replace', '--history', 'none');
    expect(await revisions()).to.deep.equal([5, 3, 2, 1]);
  });

  const refused: Readonly<Record<string, readonly [args: readonly string[], message: RegExp]>> = {
    'history of an unknown profile': [['history', 'nobody'], /^error: The tenant has no profile with this customer id/],
    'a revision that is not kept': [['restore', 'ann', '9'], /^error: The profile has no state of this revision/],
    'a revision that is none': [['restore', 'ann', 'first'], /Expected a positive integer/],
    'prune without limits': [['prune'], /--history/],
    'prune of all': [['prune', '--history', 'all'], /Expected revisions=NUMBER/],
    'history where none is kept': [['history', 'ann', '--history', 'none'], /^error: No history is kept/],
    'an actor of two lines': [['restore', 'ann', '1', '--actor', 'a\nb'], /^error: `actor` must have 1 to 256/],
  };
  for (const [what, [args, message]] of Object.entries(refused)) {
    it(`refuses ${what} in one line, and changes nothing`, async () => {
      const { stderr, stdout } = await sandbox.finish([...args, ...TENANT], { exitCode: 1 });
      expect(stderr.trimEnd()).to.match(message).and.not.contain('\n');
      expect(stdout).to.equal('');
      expect(await revisions()).to.deep.equal([3, 2, 1]);
    });
  }
});
