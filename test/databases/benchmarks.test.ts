import { expect } from 'chai';
import { runBenchmark } from '../run-benchmark.js';
import { describeOn } from './database-server.js';

/** Far too briefly for the numbers to mean anything. */
const BRIEFLY = ['--rounds', '1', '--round-ms', '20'];

for (const name of ['PostgreSQL', 'MariaDB'] as const) {
  describeOn(name, 'the benchmarks run', () => {
    const database = ['--databases', name.toLowerCase()];

    it('bench compares replacements where each message is delayed', async () => {
      const work = [
        '--delay-ms',
        '1',
        '--operations',
        'replace,replace basedOn',
        '--concurrency',
        '1',
        '--customers',
        '4',
      ];
      const output = await runBenchmark('bench/main.ts', ...database, ...work, ...BRIEFLY);
      expect(output).to.contain('each message delayed by 1 ms in each direction');
      for (const operation of ['replace', 'replace basedOn']) {
        const line = new RegExp(
          `^${operation} +1 +\\d+ +([\\d.]+) .* p50 [\\d.]+ times, at most 1.3 (met|missed)$`,
          'm',
        ).exec(output);
        expect(Number(line?.[1]), output).to.be.at.least(2);
      }
    });

    it('bench/growth measures former states', async () => {
      const few = [
        '--profiles',
        '4',
        '--tenants',
        '2',
        '--backfill',
        '0',
        '--states',
        '3',
        '--history-profiles',
        '4,20',
      ];
      const output = await runBenchmark('bench/growth/main.ts', ...database, ...few, ...BRIEFLY);
      for (const operation of ['history', 'at']) {
        expect(output.match(new RegExp(`^${operation} +\\d+ +\\d+`, 'gm')), operation).to.have.length(2);
      }
      expect(output).to.match(/^dossier_profile_history +[1-9]\d* +[1-9]\d*$/m);
    });
  });
}
