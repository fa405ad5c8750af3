import assert from 'node:assert';
import type {
  Change,
  CommitResult,
  ProfileRepository,
  SchemaCommitResult,
} from '../../src/storage/profile-repository.js';
import type { ClauseContext } from '../clause.js';
import { awaitAll } from '../concurrency.js';
import { abbreviated, firstDifference } from '../difference.js';
import { expectEqual } from '../expectations.js';
import { sampleSchema } from '../sample-changes.js';
import { allStates, pruneAll } from '../states.js';
import { stateOf } from '../tenant-state.js';
import { changesOf } from './command-changes.js';
import { type Command, CUSTOMER_IDS, ENTRIES } from './commands.js';
import { ReferenceModel } from './reference-model.js';

type Result = CommitResult | SchemaCommitResult;

/** An operation that can run on a repository and on the model. */
interface Operation {
  runOn(repository: ProfileRepository): Promise<Result>;
  runOnModel(model: ReferenceModel): Result;
}

/**
 * Runs commands on two tenants of a repository and on a model of each; fails at the first difference. Without `history`,
 * no commit keeps states.
 */
export async function runCommands(
  context: ClauseContext,
  commands: readonly Command[],
  tenantIds: readonly [string, string],
  history: boolean,
): Promise<void> {
  const models: [ReferenceModel, ReferenceModel] = [new ReferenceModel(), new ReferenceModel()];
  for (const tenantId of tenantIds) {
    const result = await schemaOperation(tenantId, 0).runOn(context.repository);
    expectEqual(result, { outcome: 'committed' }, 'the result of the first commitSchema');
  }
  for (const [index, generated] of commands.entries()) {
    const command = history || !('history' in generated) ? generated : { ...generated, history: false };
    if (command.op === 'prune' && !history) continue;
    const what = `the result of command ${index + 1}`;
    models[command.tenant] = await runCommand(
      context,
      command,
      tenantIds[command.tenant],
      models[command.tenant],
      what,
    );
  }
  for (const tenant of [0, 1] as const) {
    const state = await stateOf(context.secondConnection, tenantIds[tenant], ENTRIES);
    expectEqual(state, models[tenant].state(ENTRIES), `the state of tenant ${tenant} after the last command`);
    if (history) await expectSameHistory(context.secondConnection, models[tenant], tenantIds[tenant]);
  }
}

/** Runs one command and returns the model in the state that the repository must now have. */
async function runCommand(
  { repository, secondConnection }: ClauseContext,
  command: Command,
  tenantId: string,
  model: ReferenceModel,
  what: string,
): Promise<ReferenceModel> {
  if (command.op === 'drop') {
    expectEqual(await repository.dropEntries(tenantId, command.key, 10_000), model.dropEntries(command.key), what);
    return model;
  }
  if (command.op === 'prune') {
    const { keep } = command;
    expectEqual(await pruneAll(repository, { keep }, { tenantId, limit: 2 }), model.prune(keep), what);
    return model;
  }
  if (command.op === 'race') {
    const operations = command.racers.map((racer) =>
      racer === 'schema'
        ? schemaOperation(tenantId, model.version)
        : commitOperation(tenantId, changesOf([racer], model, model.version), command.history),
    );
    const results = await awaitAll(
      operations.map((act, index) => act.runOn(index % 2 === 0 ? repository : secondConnection)),
    );
    return (
      modelMatching(model, operations, results) ??
      assert.fail(`${what}: no serial order of the concurrent calls gives ${abbreviated(results)}`)
    );
  }
  const stale = command.op === 'schema' ? command.expects === 'stale' : command.schema === 'stale';
  const version = model.version + (stale ? 1 : 0);
  const act =
    command.op === 'schema'
      ? schemaOperation(tenantId, version)
      : commitOperation(tenantId, changesOf(command.steps, model, version), command.history);
  expectEqual(await act.runOn(repository), act.runOnModel(model), what);
  return model;
}

async function expectSameHistory(
  repository: ProfileRepository,
  model: ReferenceModel,
  tenantId: string,
): Promise<void> {
  for (const customerId of CUSTOMER_IDS) {
    const states = await allStates(repository, customerId, { tenantId });
    expectEqual(states, model.history(customerId), `the history of ${customerId} after the last command`);
  }
}

function commitOperation(tenantId: string, changes: readonly Change[], history: boolean): Operation {
  return {
    runOn: (repository) => repository.commit(tenantId, changes, { history }),
    runOnModel: (model) => model.commit(changes, history),
  };
}

function schemaOperation(tenantId: string, expectedVersion: number): Operation {
  const schema = sampleSchema(`${expectedVersion + 1}`);
  return {
    runOn: (repository) => repository.commitSchema(tenantId, { expectedVersion, schema }),
    runOnModel: (model) => model.commitSchema(expectedVersion),
  };
}

/** The model after the first serial order of the operations that gives these results; `undefined` if none does. */
function modelMatching(
  model: ReferenceModel,
  operations: readonly Operation[],
  results: readonly Result[],
): ReferenceModel | undefined {
  if (operations.length === 0) return model;
  for (const [index, act] of operations.entries()) {
    const next = model.fork();
    if (firstDifference(results[index], act.runOnModel(next)) !== undefined) continue;
    const rest = modelMatching(next, operations.toSpliced(index, 1), results.toSpliced(index, 1));
    if (rest !== undefined) return rest;
  }
  return undefined;
}
