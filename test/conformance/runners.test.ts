import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describeProfileRepository } from 'dossier/conformance';
import { describe, it } from 'mocha';
import { runCollected } from './collecting-runner.js';
import { subject } from './runners/subject.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = 'test/conformance/runners';

/** For each runner, the arguments of `node` that run its file, filtered by a title pattern. */
const RUNNERS: Readonly<Record<string, (pattern: string) => readonly string[]>> = {
  mocha: (pattern) => [
    ...['node_modules/mocha/bin/mocha.js', '--no-config', '--node-option', 'import=tsx', '--grep', pattern],
    `${folder}/mocha.ts`,
  ],
  vitest: (pattern) => [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    `${folder}/vitest.config.js`,
    '-t',
    pattern,
  ],
  jest: (pattern) => [
    ...['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--config', `${folder}/jest.config.js`],
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

async function countClauses(): Promise<number> {
  return (await runCollected((runner) => describeProfileRepository({ runner, ...subject }))).length;
}

describe('conformance kit: test runners', function () {
  this.timeout(60_000);

  for (const runner of Object.keys(RUNNERS)) {
    it(`passes a correct repository under ${runner}`, async () => {
      const { status, output } = await run(runner, 'correct', '/');
      assert.equal(status, 0, output);
      const declared = await countClauses();
      assert.match(output, new RegExp(`\\b${declared} pass|pass ${declared}\\b`), 'the number of passed tests');
    });

    it(`names the failing clause under ${runner}`, async () => {
      const { status, output } = await run(runner, 'broken', 'commit/atomic|page/order');
      assert.notEqual(status, 0);
      assert.match(output, /Clause commit\/atomic failed: the state after revision_moved/);
      assert.doesNotMatch(output, /Clause page\/order failed/);
      assert.match(output, /\b[1-9]\d* pass|pass [1-9]/, 'the number of passed clauses');
    });
  }
});
