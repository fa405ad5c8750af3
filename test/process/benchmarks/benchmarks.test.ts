import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runBenchmark } from '../../run-benchmark.js';

/** Far too briefly for the numbers to mean anything. */
describe('the benchmarks run', function () {
  this.timeout(120_000);

  it('bench compares each operation with the bare driver', async () => {
    const few = ['--customers', '20', '--rows', '40', '--loads', '1', '--rounds', '1', '--round-ms', '10'];
    const output = await runBenchmark('bench/main.ts', '--databases', 'memory,sqlite', '--concurrency', '1', ...few);
    for (const operation of [
      'replace',
      'replace attributes',
      'replace basedOn',
      'get',
      'identify',
      'create',
      'bulk load',
    ]) {
      expect(output.match(new RegExp(`^${operation} +1 +\\d+`, 'gm')), operation).to.have.length(2);
    }
  });

  it('R24 bench/constraints compares a schema with constraints with one without', async () => {
    const output = await runBenchmark('bench/constraints/main.ts', '--rounds', '1');
    expect(output).to.match(/^ratio +\d+\.\d\d \| at most 2$/m);
  });

  it('bench/load starts each program', async () => {
    const output = await runBenchmark('bench/load/main.ts', '--rounds', '1');
    for (const program of ['node alone', "import 'dossier'", 'import and replace', 'dossier --help']) {
      expect(output, program).to.match(new RegExp(`^${program} +\\d+ `, 'm'));
    }
  });

  it('C2 bench/feed counts the lines that readers miss and repeat: none', async () => {
    const few = ['--databases', 'memory,sqlite', '--seconds', '1', '--writers', '2', '--readers', '2'];
    const output = await runBenchmark('bench/feed/main.ts', ...few);
    // Off, on, their ratio, lines, readers, lines that all of them read, missed, repeated, out of order.
    for (const database of ['memory', 'sqlite']) {
      const [, lines, read] =
        new RegExp(`^${database} +\\d+ +\\d+ +[\\d.]+ +(\\d+) +2 +(\\d+) +0 +0 +0$`, 'm').exec(output) ?? [];
      expect(Number(read), output).to.equal(2 * Number(lines));
    }
  });

  it('bench/growth measures each size, former states, backfills a key and writes a plot', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dossier-plot-'));
    try {
      const plot = join(folder, 'growth.svg');
      const few = ['--profiles', '20,60', '--tenants', '4', '--rounds', '1', '--round-ms', '10', '--backfill', '500'];
      const former = ['--states', '3', '--history-profiles', '20,60'];
      const output = await runBenchmark(
        'bench/growth/main.ts',
        '--databases',
        'sqlite',
        ...few,
        ...former,
        '--plot',
        plot,
      );
      // Replacements are measured without and with former states.
      for (const operation of ['replace', 'get', 'identify', 'create', 'history', 'at']) {
        const lines = output.match(new RegExp(`^${operation} +\\d+ +\\d+`, 'gm'));
        expect(lines, operation).to.have.length(operation === 'replace' ? 4 : 2);
      }
      expect(output).to.match(/^bytes per former state +20 +60\ndossier_profile_history +\d+ +\d+$/m);
      expect(output).to.match(/^Backfilled a new key from 500 profiles of one tenant/m);
      expect(output).to.contain('Found by the key: 1000 of 1000.');
      expect((await readFile(plot, 'utf8')).match(/<polyline/g)).to.have.length(4);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
