import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';

const ROOT = new URL('../../', import.meta.url);

/** A row of the table: the rule, its owning test and the command that runs all tests that name it. */
const ROW = /^\| (\w+) \| `([^`]+)` \| `npm run test:rule -- (\w+)` \|$/gm;

/** Runs a script in a thread, which starts in less time than a process. */
async function run(script: string, ...argv: string[]): Promise<{ code: number; lines: string[] }> {
  const worker = new Worker(new URL(`scripts/${script}`, ROOT), { argv, stdout: true });
  const [[code], output] = await Promise.all([once(worker, 'exit'), worker.stdout.setEncoding('utf8').toArray()]);
  return { code, lines: output.join('').split('\n') };
}

describe('docs/rules.md', () => {
  it('leads from every rule to the tests that name it', async () => {
    expect((await run('rule-table.mjs', '--check')).code).to.equal(0);
  });

  it('names commands that accept each rule and find tests', async () => {
    const rows = [...(await readFile(new URL('docs/rules.md', ROOT), 'utf8')).matchAll(ROW)];
    expect(rows).to.have.length.above(50);
    const rules = rows.map(([, rule = '', , argument]) => {
      expect(argument).to.equal(rule);
      return rule;
    });
    const { code, lines } = await run('test-rule.mjs', '--list', ...rules);
    expect(code).to.equal(0);
    for (const [, , owner = ''] of rows) if (owner.endsWith('.test.ts')) expect(lines).to.include(owner);
  });
});
