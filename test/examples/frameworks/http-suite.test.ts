import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { HOSTS } from '../../adapters/http/in-host.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MOCHA = fileURLToPath(import.meta.resolve('mocha/bin/mocha.js'));
const SUITE = 'test/adapters/http/*.test.ts';
/** These test the API itself, without a host. */
const WITHOUT_HOST = ['mounting', 'options', 'profile-json-schema'].map((name) => `test/adapters/http/${name}.test.ts`);

interface Outcome {
  readonly stats: { readonly passes: number; readonly pending: number };
  readonly failures: readonly { readonly fullTitle: string; readonly err: { readonly message: string } }[];
}

async function runThrough(host: string): Promise<Outcome> {
  const args = ['--no-config', '--node-option', 'import=tsx', '--timeout', '60000', '--reporter', 'json', SUITE];
  const ignored = WITHOUT_HOST.flatMap((file) => ['--ignore', file]);
  // Fewer generated requests than without a host: most do not depend on the host.
  const env = { ...process.env, DOSSIER_TEST_HOST: host, DOSSIER_TEST_REQUESTS: '500' };
  const options = { cwd: ROOT, env, maxBuffer: 2 ** 26 };
  const { stdout } = await promisify(execFile)(process.execPath, [MOCHA, ...args, ...ignored], options).catch(
    (error: Error & { stdout?: string }) => {
      if (error.stdout?.includes('"stats"')) return { stdout: error.stdout };
      throw error;
    },
  );
  return JSON.parse(stdout.slice(stdout.indexOf('{\n  "stats"')));
}

describe('The HTTP tests pass in every host of examples/frameworks, over sockets', function () {
  this.timeout(300_000);
  const outcomes = new Map<string, Promise<Outcome>>();

  before(() => {
    const lanes = Array.from({ length: Math.min(availableParallelism(), 2) }, () =>
      Promise.resolve<unknown>(undefined),
    );
    for (const [index, host] of Object.keys(HOSTS).entries()) {
      const lane = index % lanes.length;
      const outcome = (lanes[lane] ?? Promise.resolve()).then(() => runThrough(host));
      outcomes.set(host, outcome);
      lanes[lane] = outcome.catch(() => undefined);
    }
  });

  for (const host of Object.keys(HOSTS)) {
    it(host, async () => {
      const { stats, failures } = (await outcomes.get(host)) as Outcome;
      expect(failures.map(({ fullTitle, err }) => `${fullTitle}: ${err.message}`)).to.deep.equal([]);
      expect(stats.passes).to.be.above(500);
      expect(stats.pending).to.equal(0);
    });
  }
});
