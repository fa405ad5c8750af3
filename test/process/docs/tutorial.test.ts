import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGE = join(ROOT, 'docs/tutorial.md');

/** A file to write, whose name stands behind the language, or commands to run. */
const STEP = /^```(ts|sh)(?: (\S+))?\n([\s\S]*?)^```$/gm;

/** What commands print on the standard output stands behind the command that prints it. */
const EXPECTED = /^# → (.*)$/gm;

describe('docs/tutorial.md', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dossier-tutorial-'));
  });

  after(() => rm(folder, { recursive: true }));

  it('leads to a working service, step by step', async function () {
    this.timeout(120_000);
    const page = (await readFile(PAGE, 'utf8')).replaceAll('127.0.0.1:3000', `127.0.0.1:${await freePort()}`);
    const port = /127\.0\.0\.1:(\d+)/.exec(page)?.[1] ?? '';
    const steps = [...page.replaceAll('port: 3000', `port: ${port}`).matchAll(STEP)];
    expect(steps).to.have.length.above(5);
    for (const [, language, file, code = ''] of steps) {
      if (language === 'ts') await writeFile(join(folder, file ?? ''), code);
      else await runs(code);
    }
  });

  /** Runs commands, and ends what they have left running. */
  async function runs(code: string): Promise<void> {
    const shell = spawn('sh', ['-e', '-c', await withLinks(code)], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = Promise.all([text(shell.stdout), text(shell.stderr)]);
    const [status] = await once(shell, 'exit');
    try {
      process.kill(-(shell.pid ?? Number.NaN));
    } catch {
      // Nothing was left running.
    }
    const [stdout, stderr] = await output;
    expect(status, `${code}\n${stdout}\n${stderr}`).to.equal(0);
    const expected = [...code.matchAll(EXPECTED)].map((match) => match[1]);
    expect(stdout.split('\n').slice(0, -1), code).to.deep.equal(expected);
  }

  /** Packages are linked rather than installed: Dossier as it was built, the others as they are installed here. */
  async function withLinks(code: string): Promise<string> {
    for (const [, names = ''] of code.matchAll(/^npm install (?:--save-dev )?(.*)$/gm)) {
      for (const name of names.split(' ')) {
        const link = join(folder, 'node_modules', name);
        await mkdir(dirname(link), { recursive: true });
        await symlink(name === 'dossier' ? ROOT : join(ROOT, 'node_modules', name), link);
      }
    }
    return code.replaceAll(/^npm install .*$/gm, '');
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
