import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { HOSTS } from './in-host.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MOCHA = fileURLToPath(import.meta.resolve('mocha/bin/mocha.js'));

/**
 * The files of test/adapters/http that a host can break, and by what. The others test what happens behind the
 * interface, which no host sees; they run in process alone.
 */
const SELECTION: Readonly<Record<string, string>> = {
  'request-body': 'media types, content codings, raw bytes and limits of bodies',
  'import-profiles': 'streamed bodies, and bodies that are refused before their end',
  'entity-tags': 'headers in both directions, long ones too, and 304 without a body',
  'tenant-and-segment': 'headers of the caller, and Vary',
  authentication: 'credentials, and challenges',
  'request-log': 'request ids',
  'hostile-input': 'paths that a router might normalize or refuse',
  'get-profile': 'HEAD, encoded query strings and paths',
  'error-table': 'every error with its headers, and 405 for any method',
  'order-of-checks': 'refusals before the body is read',
  'change-profile': 'Location and Content-Location below the prefix',
  'docs-page': 'other media types, and redirects below the prefix',
  'generated-requests': 'what nobody has thought of',
};
const FILES = Object.keys(SELECTION).map((name) => `build/test/adapters/http/${name}.test.js`);

interface Outcome {
  readonly stats: { readonly passes: number; readonly pending: number };
  readonly tests: readonly { readonly file: string }[];
  readonly failures: readonly { readonly fullTitle: string; readonly err: { readonly message: string } }[];
}

async function runThrough(host: string): Promise<Outcome> {
  const preload = ['--file', 'build/test/process/hosts/through-host.js'];
  const args = ['--no-config', '--timeout', '60000', '--reporter', 'json', ...preload];
  // Most generated requests show nothing that is the host's, so that a few are enough.
  const env = { ...process.env, DOSSIER_TEST_HOST: host, DOSSIER_TEST_REQUESTS: '200' };
  const options = { cwd: ROOT, env, maxBuffer: 2 ** 26 };
  const { stdout } = await promisify(execFile)(process.execPath, [MOCHA, ...args, ...FILES], options).catch(
    (error: Error & { stdout?: string }) => {
      if (error.stdout?.includes('"stats"')) return { stdout: error.stdout };
      throw error;
    },
  );
  return JSON.parse(stdout.slice(stdout.indexOf('{\n  "stats"')));
}

describe('The HTTP tests that a host can break pass through every host of examples/frameworks, over sockets', function () {
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
      const { stats, tests, failures } = (await outcomes.get(host)) as Outcome;
      expect(failures.map(({ fullTitle, err }) => `${fullTitle}: ${err.message}`)).to.deep.equal([]);
      expect(stats.pending).to.equal(0);
      const ran = new Set(tests.map(({ file }) => file));
      expect(ran.size, 'files that have run').to.equal(FILES.length);
      expect(stats.passes).to.be.above(250);
    });
  }
});
