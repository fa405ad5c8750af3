import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { HEAP_MIB, type Measured, MOST_OF_REFERENCE, MOST_PER_TURN, MOST_WORK, type Scenarios } from './scenario.js';

const run = promisify(execFile);

/**
 * Tests each scenario of a module in `scenarios/`: its outcome, its CPU and its longest turn against what it takes to parse
 * the same text in the same process, and its memory by a heap that has no more. All run in one process of their own.
 */
export function describeScenarios(title: string, module: URL, scenarios: Scenarios): void {
  describe(`bounds: ${title}`, function () {
    this.timeout(300_000);
    let measured: ReadonlyMap<string, Measured>;

    before(async () => {
      const program = fileURLToPath(new URL('./run-scenarios.ts', import.meta.url));
      const options = ['--expose-gc', `--max-old-space-size=${HEAP_MIB}`, '--import', 'tsx', program, module.href];
      const { stdout } = await run(process.execPath, options, { maxBuffer: 2 ** 24 });
      const lines = stdout.trim().split('\n');
      measured = new Map(
        lines.map((line) => {
          const { name, ...rest } = JSON.parse(line) as Measured & { readonly name: string };
          return [name, rest];
        }),
      );
    });

    for (const [name, { outcome, mostWork = MOST_WORK }] of Object.entries(scenarios)) {
      it(name, () => {
        const one = measured.get(name);
        expect(one?.outcome).to.equal(outcome);
        const { parsing, work, turn, reference } = one as Measured;
        const least = MOST_OF_REFERENCE * reference;
        expect(work, 'CPU of the operation in ms').to.be.at.most(Math.max(mostWork * parsing, 3 * least));
        expect(turn, 'CPU of the longest turn in ms').to.be.at.most(Math.max(MOST_PER_TURN * parsing, least));
      });
    }
  });
}
