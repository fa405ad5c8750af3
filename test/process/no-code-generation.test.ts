import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { compiled } from '../compiled.js';

const FLAGS = ['--disallow-code-generation-from-strings'];

/** Runs a module of this folder in a process that refuses to generate code from strings. */
function run(...args: string[]) {
  return promisify(execFile)(process.execPath, [...FLAGS, ...args]);
}

describe('no code generation at run time', () => {
  it('the process of this test refuses code generation', async () => {
    const failure = await run('--eval', 'new Function("return 1")').catch((error: Error) => error);
    expect(String(failure)).to.include('Code generation from strings disallowed');
  });

  it('R1 to R17, R24: rules, definitions, services and their wiring work without it', async () => {
    const { stdout } = await run(compiled(new URL('./no-code-generation-process.ts', import.meta.url)));
    expect(JSON.parse(stdout)).to.deep.equal({
      attributes: {
        Text: 'x',
        Flag: true,
        Number: 1,
        Big: '9007199254740992',
        Ratio: 0.5,
        Money: '1.5',
        Day: '2024-02-29',
      },
      extensions: { Phone: [{ Number: '+12' }] },
      revision: 2,
      refused: 'invalid_profile',
      contradicted: 'invalid_schema',
    });
  });
});
