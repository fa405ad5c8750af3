import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The files that `npm pack` would put into the package; `dist` only as far as it is built. */
async function packedFiles(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    maxBuffer: 64 * 1024 * 1024,
  });
  const [packed] = JSON.parse(stdout) as { readonly files: readonly { readonly path: string }[] }[];
  return (packed?.files ?? []).map(({ path }) => path);
}

/** The paths that the relative links of a page lead to. */
function targetsOf(page: string, text: string): string[] {
  const withoutCode = text.replace(/^```[\s\S]*?^```$/gm, '');
  const links = withoutCode.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)[^)]*\)/g);
  return Array.from(links, ([, target = '']) => posix.join(dirname(page), target));
}

describe('Links in the pages of the package', () => {
  it('lead to files that the package has', async () => {
    const files = await packedFiles();
    const pages = files.filter((file) => file.endsWith('.md'));
    expect(pages).to.include.members(['README.md', 'docs/writing-a-repository.md', 'docs/rules.md']);
    const missing: string[] = [];
    for (const page of pages) {
      for (const target of targetsOf(page, await readFile(join(ROOT, page), 'utf8'))) {
        const folder = target.endsWith('/') ? target : `${target}/`;
        if (!files.includes(target) && !files.some((file) => file.startsWith(folder)))
          missing.push(`${page}: ${target}`);
      }
    }
    expect(missing).to.deep.equal([]);
  });
});
