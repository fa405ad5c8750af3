import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const DIST = fileURLToPath(new URL('../../../dist/', import.meta.url));
const SPECIFIER = /(?<!')\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;

/** The packages that the declarations of an entry point name, here or in those that they import. */
function packagesNamedBy(entry: string): readonly string[] {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const read = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    for (const [, target = ''] of code.matchAll(SPECIFIER)) {
      if (target.startsWith('.')) read(resolve(dirname(file), target.replace(/\.js$/, '.d.ts')));
      else packages.add(target);
    }
  };
  read(resolve(DIST, entry));
  return [...packages].sort();
}

describe('The declarations', () => {
  it('of dossier and dossier/storage name no package', () => {
    expect(packagesNamedBy('src/index.d.ts')).to.deep.equal([]);
    expect(packagesNamedBy('src/storage/index.d.ts')).to.deep.equal([]);
  });

  it('of dossier/memory and dossier/knex name dossier alone', () => {
    const named = [...packagesNamedBy('adapters/memory/index.d.ts'), ...packagesNamedBy('adapters/knex/index.d.ts')];
    expect(named.filter((name) => name !== 'dossier' && name !== 'dossier/storage')).to.deep.equal([]);
  });

  it('of Inversify are needed for dossier/inversify alone', () => {
    for (const entry of ['adapters/http', 'adapters/console', 'adapters/formats', 'conformance']) {
      expect(packagesNamedBy(`${entry}/index.d.ts`), entry).not.to.include('inversify');
    }
    expect(packagesNamedBy('adapters/inversify/index.d.ts')).to.include('inversify');
  });
});
