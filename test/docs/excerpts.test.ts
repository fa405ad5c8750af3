import { readFile } from 'node:fs/promises';
import { expect } from 'chai';

const ROOT = new URL('../../', import.meta.url);
const GUIDE = 'docs/writing-a-repository.md';

/** A fenced block that names the file from which it is taken. */
const EXCERPT = /^```\w+ (\S+)\n([\s\S]*?)^```$/gm;

describe(`excerpts in ${GUIDE}`, () => {
  it('stand in the files that they name', async () => {
    const guide = await readFile(new URL(GUIDE, ROOT), 'utf8');
    const excerpts = [...guide.matchAll(EXCERPT)];
    expect(excerpts).to.have.length.above(5);
    for (const [, file = '', text = ''] of excerpts) {
      expect(await readFile(new URL(file, ROOT), 'utf8'), file).to.include(text);
    }
  });
});
