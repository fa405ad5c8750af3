import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { CliSandbox } from './cli-process.js';
import { defineSchema, withDatabase } from './database-file.js';

const MAIN = fileURLToPath(new URL('../../../dist/adapters/cli/main.js', import.meta.url));

/** A device on which nothing can be written, as on a full disk. */
const FULL = '/dev/full';

describe('dossier: a standard output that cannot be written', function () {
  this.timeout(60_000);
  let sandbox: CliSandbox;
  let directory: string;

  before(function () {
    if (!existsSync(FULL)) this.skip();
  });
  beforeEach(async () => {
    sandbox = new CliSandbox();
    directory = await sandbox.directory();
    await defineSchema(directory, 'dossier.db', { attributes: [{ name: 'Name', type: 'string' }] });
    await withDatabase(directory, 'dossier.db', ({ profiles }) =>
      profiles.create('1', { customerId: 'ann', attributes: { Name: 'Ann' } }),
    );
  });
  afterEach(() => sandbox.dispose());

  async function start(...args: string[]): Promise<ChildProcess> {
    const full = await open(FULL, 'w');
    try {
      return spawn(process.execPath, [MAIN, ...args], { cwd: directory, stdio: ['ignore', full.fd, 'pipe'] });
    } finally {
      await full.close();
    }
  }

  for (const [what, args] of Object.entries({
    'schema show': ['schema', 'show', '--tenant', '1'],
    'schema types': ['schema', 'types', '--tenant', '1'],
    history: ['history', 'ann', '--tenant', '1'],
    erase: ['erase', 'ann', '--tenant', '1', '--yes'],
    export: ['export', '--tenant', '1'],
    'export to CSV': ['export', '--tenant', '1', '--format', 'csv'],
    'migrate --sql': ['migrate', '--sql'],
  })) {
    it(`${what} says so in one line, with exit code 1`, async () => {
      const command = await start(...args);
      const [[code], stderr] = await Promise.all([once(command, 'exit'), text(command.stderr as never)]);
      expect(stderr).to.match(/(?:^|\n)error: Cannot write to the standard output: ENOSPC\.\n$/);
      expect(stderr).not.to.match(/ at /);
      expect(code).to.equal(1);
    });
  }

  it('changes --follow ends with its reader', async () => {
    await sandbox.finish(['import', '-', '--tenant', '1', '--changes'], { input: '{"Name":"Bob"}\n' });
    const command = await start('changes', '--tenant', '1', '--follow');
    const [code] = await once(command, 'exit');
    expect(code).to.equal(1);
  });

  it('serve goes on without its log, and says so', async () => {
    const server = await start('serve', '--port', '0', '--default-tenant', '1');
    let stderr = '';
    const url = await new Promise<string>((resolve) => {
      server.stderr?.on('data', (chunk) => {
        stderr += chunk;
        const [, found] = /(http:\S+\/)console\n[\s\S]*Press Ctrl/.exec(stderr) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
    for (let request = 0; request < 3; request += 1) {
      expect((await fetch(`${url}profiles/ann`)).status, stderr).to.equal(200);
    }
    server.kill('SIGTERM');
    await once(server, 'exit');
    expect(stderr).to.include('Cannot write to the standard output: ENOSPC. The server goes on without its log.');
  });

  it('serve goes on when the reader of its log is gone', async () => {
    const server = spawn(process.execPath, [MAIN, 'serve', '--port', '0', '--default-tenant', '1'], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [first] = await once(server.stdout, 'data');
    const [, url] = /listens on (\S+)/.exec(String(first)) ?? [];
    server.stdout.destroy();
    for (let request = 0; request < 3; request += 1) {
      expect((await fetch(`${url}profiles/ann`)).status).to.equal(200);
    }
    server.kill('SIGTERM');
    await once(server, 'exit');
  });
});
