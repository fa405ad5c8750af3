import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { compiled } from '../../compiled.js';
import { HEAP_MIB, isWithin, limitsOf, type Measured, type Scenarios } from './scenario.js';

const run = promisify(execFile);

/**
 * Tests each scenario of a module in `scenarios/`: its outcome, its CPU and its longest turn against what it takes to parse
 * the same text in the same process, and its memory by a heap that has no more. All run in one process of their own.
 */
export function describeScenarios(title: string, module: URL, scenarios: Scenarios): void {
  describe(`bounds: ${title}`, function () {
    this.timeout(300_000);
    let measured: Map<string, Measured>;

    const beyond = () =>
      Object.entries(scenarios)
        .filter(([name, scenario]) => !isWithin(measured.get(name) as Measured, scenario))
        .map(([name]) => name);

    before(async () => {
      measured = await measure(module);
      // What else the machine does only adds to a measurement, so the least of three counts.
      for (let attempt = 2; attempt <= 3 && beyond().length > 0; attempt += 1) {
        for (const [name, again] of await measure(module, beyond())) {
          const before = measured.get(name) ?? again;
          const work = Math.min(before.work / before.parsing, again.work / again.parsing) * again.parsing;
          const turn = Math.min(before.turn / before.parsing, again.turn / again.parsing) * again.parsing;
          measured.set(name, { ...again, work, turn });
        }
      }
    });

    for (const [name, scenario] of Object.entries(scenarios)) {
      it(name, () => {
        const one = measured.get(name);
        expect(one?.outcome).to.equal(scenario.outcome);
        const { mostWork, mostTurn } = limitsOf(one as Measured, scenario);
        expect(one?.work, 'CPU of the operation in ms').to.be.at.most(mostWork);
        expect(one?.turn, 'CPU of the longest turn in ms').to.be.at.most(mostTurn);
      });
    }
  });
}

/** @param names the scenarios to measure; none for all */
async function measure(module: URL, names: readonly string[] = []): Promise<Map<string, Measured>> {
  const program = compiled(new URL('./run-scenarios.ts', import.meta.url));
  const options = ['--expose-gc', `--max-old-space-size=${HEAP_MIB}`, program, compiled(module), ...names];
  const { stdout } = await run(process.execPath, options, { maxBuffer: 2 ** 24 });
  return new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => {
        const { name, ...rest } = JSON.parse(line) as Measured & { readonly name: string };
        return [name, rest];
      }),
  );
}
