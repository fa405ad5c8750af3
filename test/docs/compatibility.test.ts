import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { documentedFiles, documentedRows, sections } from '../process/compatibility/documented.js';

const ROOT = new URL('../../', import.meta.url);

describe('docs/compatibility.md', () => {
  for (const [heading, text] of sections) {
    if (!text.includes('\n|---')) continue;

    it(`${heading}: names the test that is made of the rows of its table`, () => {
      expect(documentedRows(heading)).to.have.length.above(1);
      const file = /Run\s+by\s+`([^`]+)`/.exec(text)?.[1] ?? '';
      expect(existsSync(new URL(file, ROOT)) && file, 'a file').to.match(/\.test\.ts$/);
      expect(readFileSync(new URL(file, ROOT), 'utf8')).to.include(`documentedRows('${heading}')`);
    });
  }

  it('shows no file but those that a test takes from it', () => {
    const runners = documentedRows('Test runners').map(({ name }) => name);
    for (const [heading, text] of sections) {
      const blocks = text.match(/^```\w/gm) ?? [];
      expect(documentedFiles(heading).size, heading).to.equal(blocks.length);
      if (blocks.length > 0) expect(['TypeScript', ...runners]).to.include(heading);
    }
  });
});
