import assert from 'node:assert';
import type { Capabilities, ConformanceOptions, RandomCommandsOptions } from './options.js';

type Names<Options> = Readonly<Record<keyof Options, true>>;

const OPTIONS: Names<ConformanceOptions> = {
  name: true,
  runner: true,
  createHarness: true,
  capabilities: true,
  callTimeout: true,
  randomCommands: true,
};
const CAPABILITIES: Names<Capabilities> = {
  anotherConnection: true,
  hostTransactions: true,
  history: true,
  replace: true,
  changes: true,
  erasure: true,
  serverMode: true,
};
const RANDOM_COMMANDS: Names<RandomCommandsOptions> = { seed: true, runs: true, path: true };

/**
 * Refuses unknown options: a misspelt capability would leave tests out.
 *
 * @throws AssertionError that names the option
 */
export function checkOptions(options: ConformanceOptions): void {
  assert.ok(typeof options === 'object' && options !== null, 'the options must be an object');
  checkNames(options, OPTIONS);
  checkNames(options.capabilities, CAPABILITIES);
  checkNames(options.randomCommands, RANDOM_COMMANDS);
}

function checkNames(given: object = {}, names: Readonly<Record<string, true>>): void {
  for (const name of Object.keys(given)) {
    assert.ok(Object.hasOwn(names, name), `\`${name}\` is not an option. Use: ${Object.keys(names).join(', ')}`);
  }
}
