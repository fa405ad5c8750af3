import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);

describe('The container that a host gives to class-validator', () => {
  it('R4 has no part in what a schema may be', async function () {
    this.timeout(60_000);
    const program = fileURLToPath(new URL('./hostile-container.ts', import.meta.url));
    const { stdout } = await run(process.execPath, ['--import', 'tsx', program]);
    const outcomes = ['ok', 'invalid_schema'];
    expect(JSON.parse(stdout)).to.deep.equal({
      throws: outcomes,
      nothing: outcomes,
      accepts: outcomes,
      refuses: outcomes,
    });
  });
});
