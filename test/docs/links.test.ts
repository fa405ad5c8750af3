import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'examples/redis/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name)),
].filter((name) => name.endsWith('.md'));

const LINK = /\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)/g;

describe('Links between the pages', () => {
  for (const page of PAGES) {
    it(`${page}: each leads to a file that exists, and to a heading in it`, () => {
      const broken = [...read(page).matchAll(LINK)]
        .filter(([, target = '', anchor]) => !leadsSomewhere(page, target, anchor))
        .map(([link]) => link);
      expect(broken).to.deep.equal([]);
    });
  }
});

function leadsSomewhere(page: string, target: string, anchor: string | undefined): boolean {
  const path = target === '' ? page : join(dirname(page), target);
  if (!existsSync(join(ROOT, path))) return false;
  return anchor === undefined || !path.endsWith('.md') || anchorsOf(path).has(anchor);
}

const known = new Map<string, ReadonlySet<string>>();

/** As GitHub makes them of headings, and those that a page sets itself. */
function anchorsOf(path: string): ReadonlySet<string> {
  const found = known.get(path);
  if (found) return found;
  const text = read(path);
  const anchors = new Set([...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id));
  const uses = new Map<string, number>();
  for (const [, heading = ''] of text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)) {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const used = uses.get(slug) ?? 0;
    uses.set(slug, used + 1);
    anchors.add(used === 0 ? slug : `${slug}-${used}`);
  }
  known.set(path, anchors);
  return anchors;
}

function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}
