import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { transform } from 'esbuild';

const run = promisify(execFile);
const ROOT = new URL('../../..', import.meta.url).pathname;

/** What a snippet prints stands behind the line that prints it. */
const EXPECTED = /\/\/ → (.*)$/gm;

const TSCONFIG = JSON.stringify({
  extends: '../tsconfig.json',
  compilerOptions: { rootDir: '..' },
  include: ['*.ts'],
});

interface Snippet {
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

/** Every block of TypeScript is a module of its own, which runs as it stands, on the built package. */
function snippetsIn(file: string, text: string): Snippet[] {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
    file,
    line: text.slice(0, match.index).split('\n').length,
    code: match[1] ?? '',
  }));
}

async function documents(): Promise<string[]> {
  const docs = await readdir(join(ROOT, 'docs'), { recursive: true });
  // The reference quotes doc comments, which show single calls.
  const pages = docs.filter((name) => name.endsWith('.md') && !name.startsWith('reference'));
  return ['README.md', ...pages.map((name) => join('docs', name))];
}

async function runs({ file, line, code }: Snippet, path: string): Promise<void> {
  // As JavaScript, which starts in a fraction of the time that a loader of TypeScript takes.
  await writeFile(path, (await transform(code, { loader: 'ts', format: 'esm', target: 'es2022' })).code);
  const { stdout } = await run(process.execPath, [path], { cwd: ROOT }).catch((error: Error) => {
    throw new Error(`The snippet at ${file}:${line} fails: ${error.message}`);
  });
  const expected = [...code.matchAll(EXPECTED)].map((match) => match[1]);
  if (expected.length > 0) expect(stdout.trimEnd().split('\n'), `${file}:${line}`).to.deep.equal(expected);
}

describe('Every TypeScript snippet of the README and docs/ compiles, runs, and prints what it says', () => {
  let folder: string;
  const snippets: Snippet[] = [];
  const pathOf = (index: number) => join(folder, `${index}.ts`);

  before(async () => {
    // Within the project, so that its modules and the package itself are found.
    folder = await mkdtemp(join(ROOT, '.snippets-'));
    for (const file of await documents()) snippets.push(...snippetsIn(file, await readFile(join(ROOT, file), 'utf8')));
    for (const [index, { code }] of snippets.entries()) await writeFile(pathOf(index), code);
    await writeFile(join(folder, 'tsconfig.json'), TSCONFIG);
  });

  after(() => rm(folder, { recursive: true }));

  it('compiles them', async function () {
    this.timeout(120_000);
    await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder]).catch(({ stdout }) => {
      const faults = String(stdout).replaceAll(/^.*?(\d+)\.ts/gm, (_, index) => {
        const { file, line } = snippets[Number(index)] as Snippet;
        return `The snippet at ${file}:${line}`;
      });
      throw new Error(faults);
    });
  });

  it('runs them', async function () {
    this.timeout(300_000);
    expect(snippets).not.to.have.length(0);
    const left = snippets.entries();
    const lane = async () => {
      for (const [index, snippet] of left) await runs(snippet, join(folder, `${index}.mjs`));
    };
    await Promise.all(Array.from({ length: availableParallelism() }, lane));
  });
});
