import assert from 'node:assert';
import type { CommitResult, ProfileRepository, SchemaCommitResult } from '../../src/storage/profile-repository.js';
import type { ClauseContext } from '../clause.js';
import { differenceBetween, shown } from '../difference.js';
import { expectSame } from '../expectations.js';
import { settled } from '../racing.js';
import { sampleSchema } from '../sample-changes.js';
import { stateOf } from '../stored-state.js';
import { changesOf } from './command-changes.js';
import { type Command, ENTRIES } from './commands.js';
import { ReferenceModel } from './reference-model.js';

type Answer = CommitResult | SchemaCommitResult;

/** Something that a repository and the model can both do. */
interface Act {
  onRepository(repository: ProfileRepository): Promise<Answer>;
  onModel(model: ReferenceModel): Answer;
}

/** Runs commands on two tenants of a repository and on a model of each; fails where the two part. */
export async function runCommands(
  context: ClauseContext,
  commands: readonly Command[],
  tenantIds: readonly [string, string],
): Promise<void> {
  const models: [ReferenceModel, ReferenceModel] = [new ReferenceModel(), new ReferenceModel()];
  for (const tenantId of tenantIds) {
    const answer = await schemaAct(tenantId, 0).onRepository(context.repository);
    expectSame(answer, { outcome: 'committed' }, 'the answer to the first schema');
  }
  for (const [index, command] of commands.entries()) {
    const what = `the answer to command ${index + 1}`;
    models[command.tenant] = await runCommand(
      context,
      command,
      tenantIds[command.tenant],
      models[command.tenant],
      what,
    );
  }
  for (const tenant of [0, 1] as const) {
    const state = await stateOf(context.rival, tenantIds[tenant], ENTRIES);
    expectSame(state, models[tenant].state(ENTRIES), `the state of tenant ${tenant} after the last command`);
  }
}

/** Answers the model that stands where the repository stands afterwards. */
async function runCommand(
  { repository, rival }: ClauseContext,
  command: Command,
  tenantId: string,
  model: ReferenceModel,
  what: string,
): Promise<ReferenceModel> {
  if (command.op === 'drop') {
    expectSame(await repository.dropEntries(tenantId, command.key, 10_000), model.dropEntries(command.key), what);
    return model;
  }
  if (command.op === 'race') {
    const acts = command.racers.map((racer) =>
      racer === 'schema'
        ? schemaAct(tenantId, model.version)
        : commitAct(changesOf([racer], model, tenantId, model.version)),
    );
    const answers = await settled(acts.map((act, index) => act.onRepository(index % 2 === 0 ? repository : rival)));
    return (
      modelThatAnswers(model, acts, answers) ??
      assert.fail(`${what}: no order of the racers explains ${shown(answers)}`)
    );
  }
  const stale = command.op === 'schema' ? command.expects === 'stale' : command.schema === 'stale';
  const version = model.version + (stale ? 1 : 0);
  const act =
    command.op === 'schema'
      ? schemaAct(tenantId, version)
      : commitAct(changesOf(command.steps, model, tenantId, version));
  expectSame(await act.onRepository(repository), act.onModel(model), what);
  return model;
}

function commitAct(changes: Parameters<ProfileRepository['commit']>[0]): Act {
  return {
    onRepository: (repository) => repository.commit(changes),
    onModel: (model) => model.commit(changes),
  };
}

function schemaAct(tenantId: string, expectedVersion: number): Act {
  const schema = sampleSchema(`${expectedVersion + 1}`);
  return {
    onRepository: (repository) => repository.commitSchema({ tenantId, expectedVersion, schema }),
    onModel: (model) => model.commitSchema(expectedVersion),
  };
}

/** The model after the acts in the first order in which it gives these answers; `undefined` when it gives them in none. */
function modelThatAnswers(
  model: ReferenceModel,
  acts: readonly Act[],
  answers: readonly Answer[],
): ReferenceModel | undefined {
  if (acts.length === 0) return model;
  for (const [index, act] of acts.entries()) {
    const next = model.fork();
    if (differenceBetween(answers[index], act.onModel(next)) !== undefined) continue;
    const rest = modelThatAnswers(next, acts.toSpliced(index, 1), answers.toSpliced(index, 1));
    if (rest !== undefined) return rest;
  }
  return undefined;
}
