import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

describe('docs/rules.md', () => {
  it('leads from every rule to the tests that name it', () =>
    promisify(execFile)(process.execPath, ['scripts/rule-table.mjs', '--check']));
});
