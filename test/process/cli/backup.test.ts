import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { CliSandbox } from './cli-process.js';
import { defineSchema, withDatabase } from './database-file.js';

describe('dossier backup', function () {
  this.timeout(60_000);
  let sandbox: CliSandbox;
  let directory: string;

  beforeEach(async () => {
    sandbox = new CliSandbox();
    directory = await sandbox.directory();
  });
  afterEach(() => sandbox.dispose());

  it('copies all that was acknowledged, while the database is open elsewhere and only its -wal has it', async () => {
    await defineSchema(directory, 'dossier.db', { attributes: [{ name: 'Name', type: 'string' }] });
    await withDatabase(directory, 'dossier.db', async ({ profiles }) => {
      await profiles.create('1', { customerId: 'ann', attributes: { Name: 'Ann' } });
      const { stdout } = await sandbox.finish(['backup', 'copy.db']);
      expect(stdout).to.equal('sqlite:./dossier.db is backed up in copy.db.\n');
    });
    expect((await stat(join(directory, 'copy.db'))).mode & 0o777).to.equal(0o600);
    expect(await readdir(directory)).not.to.include('copy.db.partial');
    const copied = await sandbox.finish(['export', '--tenant', '1', '--database', 'sqlite:copy.db']);
    expect(copied.stdout).to.equal('{"customer_id":"ann","Name":"Ann"}\n');
  });

  it('refuses to overwrite a file, and a database that does not exist', async () => {
    const missing = await sandbox.finish(['backup', 'copy.db'], { exitCode: 1 });
    expect(missing.stderr).to.include('There is no database file ./dossier.db');
    await sandbox.finish(['migrate']);
    await writeFile(join(directory, 'copy.db'), 'x');
    const { stderr } = await sandbox.finish(['backup', 'copy.db'], { exitCode: 1 });
    expect(stderr).to.include('copy.db exists already');
    const nowhere = await sandbox.finish(['backup', 'no/copy.db'], { exitCode: 1 });
    expect(nowhere.stderr).to.match(/^error: Cannot write no\/copy\.db\.partial: .+\n$/);
  });

  it('names the command of a database on a server', async () => {
    for (const [location, command] of [
      ['postgres://ann:secret@localhost/crm', 'pg_dump'],
      ['mysql://ann:secret@localhost/crm', 'mariadb-dump'],
    ] as const) {
      const { stderr } = await sandbox.finish(['backup', 'copy', '--database', location], { exitCode: 1 });
      expect(stderr).to.include(command).and.not.to.include('secret');
    }
  });
});
