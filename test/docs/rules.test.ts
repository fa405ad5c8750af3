import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';

const SCRIPT = new URL('../../scripts/rule-table.mjs', import.meta.url);

describe('docs/rules.md', () => {
  it('leads from every rule to the tests that name it', async () => {
    const [code] = await once(new Worker(SCRIPT, { argv: ['--check'] }), 'exit');
    expect(code).to.equal(0);
  });
});
