import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The command as it is when the package is installed. */
const DOSSIER = `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'dist/adapters/cli/main.js')}' "$@"\n`;

const SNIPPET = /^```sh\n([\s\S]*?)^```$/gm;

/** What a snippet prints on the standard output stands behind the command that prints it. */
const EXPECTED = /^# → (.*)$/gm;

interface Document {
  readonly file: string;
  readonly snippets: readonly string[];
}

async function documentsWithSnippets(): Promise<Document[]> {
  const files = await readdir(join(ROOT, 'docs'), { recursive: true });
  // The tutorial is one thread of files and commands, with a test of its own.
  const names = files.filter((name) => name.endsWith('.md') && name !== 'tutorial.md');
  const documents = await Promise.all(
    names.sort().map(async (name) => {
      const text = await readFile(join(ROOT, 'docs', name), 'utf8');
      return { file: `docs/${name}`, snippets: [...text.matchAll(SNIPPET)].map(([, code = '']) => code) };
    }),
  );
  return documents.filter(({ snippets }) => snippets.length > 0);
}

describe('Every shell snippet of docs/ runs, in the order of its page, and prints what it says', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dossier-snippets-'));
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin/dossier'), DOSSIER, { mode: 0o755 });
  });

  after(() => rm(folder, { recursive: true }));

  it('runs them', async function () {
    this.timeout(300_000);
    const documents = await documentsWithSnippets();
    expect(documents).not.to.have.length(0);
    const { DOSSIER_DATABASE: _, DOSSIER_HISTORY: __, ...environment } = process.env;
    const env = {
      ...environment,
      PATH: [join(folder, 'bin'), process.env.PATH].join(delimiter),
    };
    for (const [index, { file, snippets }] of documents.entries()) {
      const cwd = join(folder, `${index}`);
      await mkdir(cwd);
      for (const code of snippets) {
        const { stdout } = await run('sh', ['-e', '-c', code], { cwd, env }).catch((error) => {
          throw new Error(`A snippet of ${file} fails:\n${code}\n${error.stderr}`);
        });
        const expected = [...code.matchAll(EXPECTED)].map((match) => match[1]);
        expect(stdout.split('\n').slice(0, -1), `${file}:\n${code}`).to.deep.equal(expected);
      }
    }
  });
});
