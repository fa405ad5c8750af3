import { parseArgs } from 'node:util';
import { loadTextTests } from '../../src/definitions/text-tests.js';
import type { AttributeDefinition } from '../../src/model/schema.js';
import { checkRepresentation } from '../../src/rules/check-representation.js';
import { type CompiledSchema, compileSchema } from '../../src/rules/compiled-schema.js';
import { median } from '../statistics.js';
import { definitions } from './definitions.js';

const USAGE = `npm run bench:constraints -- [--rounds <number>]

What constraints of attributes (R24) cost where a representation is checked.

  --rounds <number>  how often each schema is measured (default: 50)`;

/** The checks of one round. */
const CHECKS = 2_000;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '50' }, help: { type: 'boolean' } } });
const rounds = Number(values.rounds);
if (values.help) console.log(USAGE);
else if (Number.isSafeInteger(rounds) && rounds > 0) await measure(rounds);
else {
  console.error(`--rounds must be a positive integer.\n\n${USAGE}`);
  process.exitCode = 1;
}

/** The two schemas take turns, so that noise meets them alike. The first round warms up, and does not count. */
async function measure(rounds: number): Promise<void> {
  const { plain, constrained, members } = definitions();
  const schemas = [await compile(plain), await compile(constrained)] as const;
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, schema] of schemas.entries()) {
      const time = timeOf(schema, members);
      if (round > 0) times[index]?.push(time);
    }
  }
  const [without, withConstraints] = [median(times[0]), median(times[1])];
  console.log(`A profile of ${JSON.stringify(members).length} bytes, ${plain.length} attributes: µs per check`);
  console.log(`without constraints ${without.toFixed(1).padStart(8)}`);
  console.log(`with constraints    ${withConstraints.toFixed(1).padStart(8)}`);
  console.log(`ratio               ${(withConstraints / without).toFixed(2).padStart(8)} | at most 2`);
}

async function compile(attributes: readonly AttributeDefinition[]): Promise<CompiledSchema> {
  return compileSchema(1, { attributes }, await loadTextTests({ attributes }));
}

/** Microseconds per check. */
function timeOf(schema: CompiledSchema, members: Readonly<Record<string, unknown>>): number {
  const began = performance.now();
  for (let check = 0; check < CHECKS; check += 1) {
    if (!checkRepresentation(schema, { members }).valid) throw new Error('The profile breaks a constraint.');
  }
  return ((performance.now() - began) / CHECKS) * 1_000;
}
