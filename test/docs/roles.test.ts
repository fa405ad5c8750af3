import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { operations } from '../../adapters/http/operations/index.js';

const PAGE = new URL('../../docs/http.md', import.meta.url);
const ROW = /^\| `([A-Z]+ \/\S*)` \| (\w+) \|$/gm;

describe('docs/http.md', () => {
  it('tells of every operation the role that it needs', async () => {
    const told = [...(await readFile(PAGE, 'utf8')).matchAll(ROW)].map(([, operation, role]) => [operation, role]);
    expect(told).to.deep.equal(operations.map(({ method, path, access }) => [`${method} ${path}`, access]));
  });
});
