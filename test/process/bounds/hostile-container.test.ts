import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { compiled } from '../../compiled.js';

const run = promisify(execFile);

describe('The container that a host gives to class-validator', () => {
  it('R4 has no part in what a schema may be', async function () {
    this.timeout(60_000);
    const program = compiled(new URL('./hostile-container.ts', import.meta.url));
    const { stdout } = await run(process.execPath, [program]);
    const outcomes = ['ok', 'invalid_schema'];
    expect(JSON.parse(stdout)).to.deep.equal({
      throws: outcomes,
      nothing: outcomes,
      accepts: outcomes,
      refuses: outcomes,
    });
  });
});
