import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describeProfileRepository } from 'dossier/conformance';
import { describe, it } from 'mocha';
import { runCollected } from '../../conformance/collecting-runner.js';
import { subject } from './subject.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = 'test/process/runners';

/** For each runner, the arguments of `node` that run its file, filtered by a title pattern. */
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
  subject: 'correct' | 'broken',
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
  return (await runCollected((runner) => describeProfileRepository({ runner, ...subject }))).map(({ title }) => title);
}

describe('conformance kit: test runners', function () {
  this.timeout(60_000);
  let titles: readonly string[];

  before(async () => {
    titles = await clauseTitles();
  });

  for (const runner of Object.keys(RUNNERS)) {
    const pattern = runner === 'mocha' ? '/' : HANDFUL;

    it(`passes a correct repository under ${runner}${runner === 'mocha' ? '' : ', by a handful of clauses'}`, async () => {
      const { status, output } = await run(runner, 'correct', pattern);
      assert.equal(status, 0, output);
      const declared = titles.filter((title) => new RegExp(pattern).test(title)).length;
      assert.match(output, new RegExp(`\\b${declared} pass|pass ${declared}\\b`), 'the number of tests that passed');
    });

    it(`names the failing clause under ${runner}`, async () => {
      const { status, output } = await run(runner, 'broken', 'commit/atomic|page/order');
      assert.notEqual(status, 0);
      assert.match(output, /Clause commit\/atomic failed: the state after revision_changed/);
      assert.doesNotMatch(output, /Clause page\/order failed/);
      assert.match(output, /\b[1-9]\d* pass|pass [1-9]/, 'the number of passed clauses');
    });
  }
});
