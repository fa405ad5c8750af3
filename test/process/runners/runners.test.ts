import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describeProfileRepository } from 'dossier/conformance';
import { describe, it } from 'mocha';
import { runCollected } from '../../conformance/collecting-runner.js';
import { createHarness } from './subject.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = 'test/process/runners';

/** By runner: the arguments with which node runs it on its file, of which the tests may be chosen by a pattern. */
const RUNNERS: Readonly<Record<string, (pattern: string) => readonly string[]>> = {
  mocha: (pattern) => [
    ...['node_modules/mocha/bin/mocha.js', '--no-config', '--node-option', 'import=tsx', '--grep', pattern],
    `${folder}/mocha.ts`,
  ],
  vitest: (pattern) => [
    'test/process/node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    `${folder}/vitest.config.js`,
    '-t',
    pattern,
  ],
  jest: (pattern) => [
    ...[
      '--experimental-vm-modules',
      'test/process/node_modules/jest/bin/jest.js',
      '--config',
      `${folder}/jest.config.js`,
    ],
    ...['-t', pattern],
  ],
  'node:test': (pattern) => [
    ...['--import', 'tsx', '--test', `--test-name-pattern=${pattern}`, `${folder}/node-test.ts`],
  ],
};

function run(
  runner: string,
  subject: 'honest' | 'broken',
  pattern: string,
): Promise<{ status: number; output: string }> {
  const env = { ...process.env, CONFORMANCE_SUBJECT: subject, NO_COLOR: '1' };
  const args = RUNNERS[runner]?.(pattern) ?? [];
  return new Promise((resolve) => {
    const done = (error: unknown, stdout: string, stderr: string) =>
      resolve({ status: error === null ? 0 : 1, output: stdout + stderr });
    execFile(process.execPath, args, { cwd: root, env, maxBuffer: 64 * 1024 * 1024 }, done);
  });
}

/** A handful of clauses, which shows that a runner's hooks and failures reach the kit. The whole kit runs under mocha. */
const HANDFUL = 'commit/|page/|load/|harness/';

async function clauseTitles(): Promise<string[]> {
  return (await runCollected((runner) => describeProfileRepository({ runner, createHarness }))).map(
    ({ title }) => title,
  );
}

describe('the conformance kit under each test runner', function () {
  this.timeout(60_000);
  let titles: readonly string[];

  before(async () => {
    titles = await clauseTitles();
  });

  for (const runner of Object.keys(RUNNERS)) {
    const pattern = runner === 'mocha' ? '/' : HANDFUL;

    it(`passes an honest repository under ${runner}${runner === 'mocha' ? '' : ', by a handful of clauses'}`, async () => {
      const { status, output } = await run(runner, 'honest', pattern);
      assert.equal(status, 0, output);
      const declared = titles.filter((title) => new RegExp(pattern).test(title)).length;
      assert.match(output, new RegExp(`\\b${declared} pass|pass ${declared}\\b`), 'the number of tests that passed');
    });

    it(`names the broken clause under ${runner}`, async () => {
      const { status, output } = await run(runner, 'broken', 'commit/whole|page/order');
      assert.notEqual(status, 0);
      assert.match(output, /The clause commit\/whole is broken: the state after revision_moved/);
      assert.doesNotMatch(output, /The clause page\/order is broken/);
      assert.match(output, /\b[1-9]\d* pass|pass [1-9]/, 'the clauses that pass');
    });
  }
});
