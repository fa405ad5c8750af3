import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

describe('docs/reference/', () => {
  it('is what the doc comments say', async function () {
    this.timeout(180_000);
    await promisify(execFile)(process.execPath, ['scripts/reference/main.mjs', '--check']);
  });
});
