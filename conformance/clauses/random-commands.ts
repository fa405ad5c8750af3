import fc from 'fast-check';
import type { ClauseGroup } from '../clause.js';
import { commands } from '../model/commands.js';
import { runCommands } from '../model/run-commands.js';

const DEFAULT_SEED = 20240229;
const DEFAULT_RUNS = 40;

/** Random sequences of commands, checked against a plain model. A failure names seed and path, for `randomCommands`. */
export const randomCommandClauses: ClauseGroup = (clause, options) => {
  const { seed = DEFAULT_SEED, runs = DEFAULT_RUNS, path } = options.randomCommands ?? {};
  clause('model/random-commands', `sequences drawn from seed ${seed} do what a plain model does`, async (context) => {
    let run = 0;
    const property = fc.asyncProperty(commands, async (sequence) => {
      // New tenants rather than a new store for each sequence: a database would take long to make so many.
      run++;
      await runCommands(context, sequence, [`run-${run}`, `RUN-${run}`]);
    });
    const replay = path === undefined ? {} : { path };
    await fc.assert(property, { seed, numRuns: runs, includeErrorInReport: true, ...replay });
  });
};
