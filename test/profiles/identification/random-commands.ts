import { expect } from 'chai';
import type { Extensions, IdentificationKeyDefinition, SchemaDefinition, SchemaInUseError } from 'dossier';
import { isDossierError } from 'dossier';
import fc from 'fast-check';
import { propertyRuns } from '../../property-runs.js';
import { type ModelProfile, type ModelRecord, PlainModel } from './plain-model.js';
import type { Begin, Stage, Suite } from './stage.js';

const DEFINITIONS: SchemaDefinition = {
  attributes: [
    { name: 'S', type: 'string' },
    { name: 'T', type: 'string' },
    { name: 'Many', type: 'string', multiValued: true },
  ],
  extensions: [
    { name: 'One', type: 'single-valued', attributes: [{ name: 'X', type: 'string' }] },
    {
      name: 'List',
      type: 'multi-valued',
      attributes: [
        { name: 'X', type: 'string' },
        { name: 'Y', type: 'string' },
      ],
    },
  ],
};

const KEYS: readonly IdentificationKeyDefinition[] = [
  { name: 'K', attributes: ['S'] },
  { name: 'k', attributes: ['S'], unique: true },
  { name: 'K', attributes: ['Many', 'S'], caseSensitive: false },
  { name: 'L', attributes: ['Many'], unique: true, caseSensitive: false },
  { name: 'L', attributes: ['T', 'S'], unique: true },
  { name: 'l', source: 'One', attributes: ['X'], caseSensitive: false },
  { name: 'M', source: 'List', attributes: ['X', 'Y'] },
  { name: 'M', source: 'List', attributes: ['X'], unique: true, caseSensitive: false },
];

const VALUES = ['', 'a', 'A', 'ａ', 'a ', 'ß', 'ẞ', 'ss', 'σ', 'ς'];

const ids = fc.constantFrom('1', '2', '3', 'a', 'A');
const names = fc.constantFrom('K', 'L', 'm');
const value = fc.constantFrom(...VALUES);
const some = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined });
const record = (members: Record<string, fc.Arbitrary<string | string[]>>): fc.Arbitrary<ModelRecord> =>
  fc.record(members, { requiredKeys: [] }).map((given) => ({ ...given }) as ModelRecord);
const list = (records: fc.Arbitrary<ModelRecord>, maxLength: number) => fc.array(records, { minLength: 1, maxLength });
const attributes = record({ S: value, T: value, Many: fc.array(value, { minLength: 1, maxLength: 3 }) });
const extensions = fc
  .record({ One: list(record({ X: value }), 1), List: list(record({ X: value, Y: value }), 3) }, { requiredKeys: [] })
  .map((given) => ({ ...given }) as ModelProfile['extensions']);

/** A step of both the model and the services, and the outcome of each. */
type Command = (
  model: PlainModel,
  stage: Omit<Stage, 'other' | 'over'>,
) => { readonly expected: string; readonly actual: Promise<unknown> };

/** The library takes the record of a single-valued extension bare, not in an array. */
function given({ One, ...others }: ModelProfile['extensions']) {
  return (One ? { ...others, One: One[0] } : others) as Extensions;
}

const creations: fc.Arbitrary<Command> = fc
  .record({ id: ids, attributes, extensions })
  .map(({ id, attributes, extensions }) => (model, { profiles, tenant }) => ({
    expected: model.create(id, { attributes, extensions }),
    actual: profiles.create(tenant, { customerId: id, attributes, extensions: given(extensions) }),
  }));

const replacements: fc.Arbitrary<Command> = fc
  .record({ id: ids, attributes, extensions: some(extensions) })
  .map(({ id, attributes, extensions }) => (model, { profiles, tenant }) => ({
    expected: model.replace(id, attributes, extensions),
    actual: profiles.replace(tenant, id, { attributes, extensions: extensions && given(extensions) }),
  }));

const deletions: fc.Arbitrary<Command> = ids.map((id) => (model, { profiles, tenant }) => ({
  expected: model.delete(id),
  actual: profiles.delete(tenant, id),
}));

const additions: fc.Arbitrary<Command> = fc.constantFrom(...KEYS).map((key) => (model, { schemas, tenant }) => ({
  expected: model.addKey(key),
  actual: schemas.addKey(tenant, key),
}));

const removals: fc.Arbitrary<Command> = names.map((name) => (model, { schemas, tenant }) => ({
  expected: model.removeKey(name),
  actual: schemas.removeKey(tenant, name),
}));

const steps = fc.oneof(
  { weight: 5, arbitrary: creations },
  { weight: 5, arbitrary: replacements },
  { weight: 2, arbitrary: deletions },
  { weight: 3, arbitrary: additions },
  { weight: 1, arbitrary: removals },
);

async function outcomeOf(operation: Promise<unknown>): Promise<string> {
  try {
    await operation;
    return 'ok';
  } catch (error) {
    if (!isDossierError(error)) throw error;
    return error.code === 'schema_in_use' ? `${error.code}: ${(error as SchemaInUseError).collisions}` : error.code;
  }
}

/** Searches for every combination of values by every key. */
async function expectSameAnswers(model: PlainModel, stage: Stage): Promise<void> {
  const tuples = { 1: VALUES.map((one) => [one]), 2: VALUES.flatMap((one) => VALUES.map((other) => [one, other])) };
  for (const key of model.keys) {
    for (const values of tuples[key.attributes.length as 1 | 2]) {
      const asked = key.attributes.map((name, index) => [key.source ? `${key.source}.${name}` : name, values[index]]);
      const found = await stage.find(Object.fromEntries(asked), { key: key.name });
      expect(found, `${JSON.stringify(key)} ${JSON.stringify(values)}`).to.deep.equal(model.find(key, values));
    }
  }
}

const run = (begin: Begin) =>
  fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 30 }), async (commands) => {
    const stage = await begin(DEFINITIONS);
    const model = new PlainModel();
    for (const [index, command] of commands.entries()) {
      const { expected, actual } = command(model, index % 2 ? stage : stage.other);
      expect(await outcomeOf(actual), `step ${index}`).to.equal(expected);
    }
    await expectSameAnswers(model, stage);
  });

export const randomCommands: Suite = (begin) => {
  describe('random commands', () => {
    it('R18 R19 R21 find the same profiles, and refuse the same writes, as a model without an index', () =>
      fc.assert(run(begin), { numRuns: propertyRuns({ full: 60, quick: 20 }), endOnFailure: false }));
  });
};
