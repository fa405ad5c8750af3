import fc from 'fast-check';
import type { ClauseGroup } from '../clause.js';
import { commands } from '../model/commands.js';
import { runCommands } from '../model/run-commands.js';

const DEFAULT_SEED = 20240229;
const DEFAULT_RUNS = 40;

/** Random sequences of commands, compared with the reference model. A failure prints `seed` and `path`. */
export const randomCommandClauses: ClauseGroup = (clause, options) => {
  const { seed = DEFAULT_SEED, runs = DEFAULT_RUNS, path } = options.randomCommands ?? {};
  const history = options.capabilities?.history ?? false;
  clause('model/random-commands', `random commands from seed ${seed} match the reference model`, async (context) => {
    let run = 0;
    const property = fc.asyncProperty(commands, async (sequence) => {
      // New tenants for each sequence: creating a new store on a database would take too long.
      run++;
      await runCommands(context, sequence, [`run-${run}`, `RUN-${run}`], history);
    });
    const replay = path === undefined ? {} : { path };
    await fc.assert(property, { seed, numRuns: runs, includeErrorInReport: true, ...replay });
  });
};
