import { expect } from 'chai';
import type { AttributeDefinition, ExtensionDefinition, IdentificationKeyDefinition, SchemaDefinition } from 'dossier';
import { isDossierError } from 'dossier';
import fc from 'fast-check';
import { propertyRuns } from '../../property-runs.js';
import { outcome } from '../../service-harness.js';
import { beforeEachCall, dyingAfter } from './interrupted-repository.js';
import type { Begin, Stage, Suite } from './stage.js';

const NAMES = ['A', 'B', 'C'] as const;
const IDS = ['1', '2', '3'] as const;
const VALUES = { string: ['x', 'y', '1.50', '1'], integer: [1, 2], currency: ['1.5', '1'] } as const;

type Kind = keyof typeof VALUES;
type Scalar = string | number;

/** The values of records. */
const NUMBERS: Record<Kind, readonly Scalar[]> = { string: ['0', '1', '2', '3'], integer: [0, 1, 2, 3], currency: [] };

/** What is drawn for a name: a definition of it, perhaps with the next name as a former one. */
interface Drawn {
  readonly type: Kind;
  readonly multiValued: boolean;
  readonly takesNext: boolean;
}

const optional = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined });
const id = fc.constantFrom(...IDS);
const picks = fc.array(fc.nat(3), { minLength: 8, maxLength: 8 });
const definition: fc.Arbitrary<Drawn> = fc.record({
  type: fc.constantFrom<Kind>('string', 'string', 'string', 'integer', 'currency'),
  multiValued: fc.boolean(),
  takesNext: fc.boolean(),
});
const KEYS: readonly IdentificationKeyDefinition[] = [
  { name: 'a', attributes: ['A'] },
  { name: 'b', attributes: ['B'], unique: true },
  { name: 'ab', attributes: ['A', 'B'] },
  { name: 'c', attributes: ['C'] },
  { name: 'x', source: 'List', attributes: ['X'] },
];

interface ProfileStep {
  readonly kind: 'create' | 'replace' | 'delete' | 'merge' | 'restore';
  readonly id: (typeof IDS)[number];
  readonly picks: readonly number[];
}

interface SchemaStep {
  readonly kind: 'define';
  readonly drawn: readonly (Drawn | undefined)[];
  readonly list: { readonly multi: boolean; readonly isRenamed: boolean; readonly isText: boolean } | undefined;
  readonly keys: readonly IdentificationKeyDefinition[];
  /** Whether the keys stay as they are. */
  readonly attributesAlone: boolean;
  readonly force: boolean;
  readonly drop: boolean;
  /** What another process writes before a call of the repository. */
  readonly meanwhile: { readonly call: number; readonly step: ProfileStep } | undefined;
  /** The number of calls after which the process dies. */
  readonly dies: number | undefined;
}

const profileStep: fc.Arbitrary<ProfileStep> = fc.record({
  kind: fc.constantFrom('create', 'replace', 'replace', 'replace', 'delete', 'merge', 'restore'),
  id,
  picks,
});
const schemaStep: fc.Arbitrary<SchemaStep> = fc.record({
  kind: fc.constant('define' as const),
  drawn: fc.tuple(optional(definition), optional(definition), optional(definition)),
  list: optional(fc.record({ multi: fc.boolean(), isRenamed: fc.boolean(), isText: fc.boolean() })),
  keys: fc.subarray([...KEYS]),
  attributesAlone: fc.boolean(),
  force: fc.boolean(),
  drop: fc.integer({ min: 0, max: 5 }).map((one) => one === 0),
  meanwhile: optional(fc.record({ call: fc.nat(8), step: profileStep })),
  dies: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 5 }),
});
const steps = fc.array(fc.oneof({ weight: 3, arbitrary: profileStep }, { weight: 2, arbitrary: schemaStep }), {
  minLength: 4,
  maxLength: 14,
});

function attributesOf(drawn: readonly (Drawn | undefined)[]): AttributeDefinition[] {
  return NAMES.flatMap((name, index) => {
    const one = drawn[index];
    if (one === undefined) return [];
    const next = NAMES[index + 1];
    const isFree = next !== undefined && drawn[index + 1] === undefined;
    const { type, multiValued } = one;
    return [{ name, type, ...(multiValued && { multiValued }), ...(one.takesNext && isFree && { formerly: [next] }) }];
  });
}

function schemaFrom({ drawn, list, keys }: SchemaStep): SchemaDefinition {
  const attributes = attributesOf(drawn);
  const extensions: ExtensionDefinition[] = list
    ? [
        {
          ...(list.isRenamed ? { name: 'Renamed', formerly: ['List'] } : { name: 'List' }),
          type: list.multi ? 'multi-valued' : 'single-valued',
          attributes: [{ name: 'X', type: list.isText ? 'string' : 'integer' }],
        },
      ]
    : [];
  const known = new Set(attributes.map(({ name }) => name));
  const identificationKeys = keys.flatMap((key) => {
    if (key.source) return extensions.map(({ name }) => ({ ...key, source: name }));
    return key.attributes.every((name) => known.has(name)) ? [key] : [];
  });
  return { attributes, extensions, identificationKeys };
}

/** A representation that fits the schema, as numbers drawn at random choose it. */
function given(
  { attributes, extensions = [] }: Pick<SchemaDefinition, 'attributes' | 'extensions'>,
  numbers: readonly number[],
) {
  const pick = (index: number, from: readonly Scalar[]) => from[(numbers[index] ?? 0) % from.length] as Scalar;
  const values = attributes.flatMap(({ name, type, multiValued }, index): [string, Scalar | Scalar[]][] => {
    const [from, count] = [VALUES[type as Kind], numbers[index + 3] ?? 0];
    if (count === 0) return [];
    if (!multiValued) return [[name, pick(index, from)]];
    return [[name, Array.from({ length: count }, (_, place) => pick((index + place) % 8, from))]];
  });
  const isText = extensions.some((extension) => extension.attributes.some(({ type }) => type === 'string'));
  const records = Array.from({ length: numbers[7] ?? 0 }, (_, place) => {
    const number = numbers[place] ?? 0;
    return { X: isText ? `${number}` : number };
  });
  const lists = extensions.map(({ name, type }) => [name, type === 'multi-valued' ? records : (records[0] ?? null)]);
  return { attributes: Object.fromEntries(values), extensions: Object.fromEntries(lists) };
}

type Services = Omit<Stage, 'other' | 'over'>;

async function write({ profiles, schemas, tenant }: Services, { kind, id, picks }: ProfileStep): Promise<unknown> {
  const other = IDS[(picks[0] ?? 0) % IDS.length] as string;
  switch (kind) {
    case 'create':
      return profiles.create(tenant, { customerId: id, ...given(await schemas.get(tenant), picks) });
    case 'replace': {
      // The attributes that are given no value are cleared, and without extensions these stay.
      const { attributes, extensions } = given(await schemas.get(tenant), picks);
      return profiles.replace(tenant, id, { attributes, ...((picks[6] ?? 0) > 0 && { extensions }) });
    }
    case 'delete':
      return profiles.delete(tenant, id);
    case 'merge':
      return profiles.merge(tenant, id, other, { force: true });
    case 'restore':
      return profiles.restore(tenant, id, 1 + (picks[1] ?? 0));
  }
}

async function define(stage: Stage, step: SchemaStep): Promise<void> {
  const { tenant } = stage;
  let calls = 0;
  const { dies, meanwhile } = step;
  const mortal = dies === undefined ? stage.repository : dyingAfter(stage.repository, dies);
  const watched = beforeEachCall(mortal, async () => {
    if (calls++ === meanwhile?.call) await outcome(write(stage.other, meanwhile.step));
  });
  const { schemas } = stage.over(watched);
  const residual = step.drop ? 'drop' : 'keep';
  const schema = schemaFrom(step);
  await (step.attributesAlone
    ? schemas.defineAttributes(tenant, schema.attributes, { residual })
    : schemas.define(tenant, schema, { residual, force: step.force }));
}

/** Refusals are part of what may happen; other errors are not. */
async function attempt(operation: Promise<unknown>): Promise<void> {
  try {
    await operation;
  } catch (error) {
    if (!isDossierError(error)) throw error;
  }
}

const listOf = (value: unknown): readonly unknown[] => (value === undefined ? [] : [value].flat());

/** The combinations of values of a key that a profile has, as it is answered. */
function combinationsOf(
  { source, attributes }: IdentificationKeyDefinition,
  profile: { readonly attributes: object; readonly extensions?: object },
): string[] {
  const member = (from: object, name: string): unknown => (from as Record<string, unknown>)[name];
  const sources = source ? listOf(member(profile.extensions ?? {}, source)) : [profile.attributes];
  return sources.flatMap((from) =>
    attributes
      .reduce<unknown[][]>(
        (tuples, name) =>
          tuples.flatMap((tuple) => listOf(member(from as object, name)).map((value) => [...tuple, value])),
        [[]],
      )
      .map((tuple) => JSON.stringify(tuple)),
  );
}

/** Asks each key for each combination of values, and for those of profiles. */
async function expectFoundAsAnswered(stage: Stage): Promise<void> {
  const { profiles, schemas, tenant } = stage;
  const { attributes, extensions, identificationKeys } = await schemas.get(tenant);
  const ids = [];
  for await (const { customerId } of profiles.all(tenant)) ids.push(customerId);
  const answered = await Promise.all(ids.map((one) => profiles.get(tenant, one, { extensions: 'all' })));
  for (const key of identificationKeys) {
    // A key on an extension that drains answers nothing (W8).
    if (key.source && extensions.length === 0) continue;
    const declared = key.source ? (extensions[0]?.attributes ?? []) : attributes;
    const typeOf = (name: string) => declared.find((one) => one.name === name)?.type as Kind;
    const domains = key.attributes.map((name) => (key.source ? NUMBERS : VALUES)[typeOf(name)]);
    const tuples = domains.reduce<Scalar[][]>(
      (known, domain) => known.flatMap((tuple) => domain.map((value) => [...tuple, value])),
      [[]],
    );
    for (const tuple of tuples) {
      const asked = key.attributes.map((name, index) => [key.source ? `${key.source}.${name}` : name, tuple[index]]);
      const holders = answered.filter((one) => combinationsOf(key, one).includes(JSON.stringify(tuple)));
      const found = await stage.other.find(Object.fromEntries(asked), { key: key.name });
      expect(found, `${key.name} ${JSON.stringify(tuple)}`).to.deep.equal(holders.map(({ customerId }) => customerId));
    }
  }
}

const property = (begin: Begin) =>
  fc.asyncProperty(steps, async (drawn) => {
    const stage = await begin({
      attributes: [
        { name: 'A', type: 'string' },
        { name: 'B', type: 'string', multiValued: true },
      ],
    });
    for (const id of IDS) await stage.profiles.create(stage.tenant, { customerId: id, attributes: { A: 'x' } });
    for (const step of drawn) {
      await attempt(step.kind === 'define' ? define(stage, step) : write(stage, step));
      await expectFoundAsAnswered(stage);
    }
  });

/** Any sequence of changes of schemas and profiles, also at the same time, and of processes that die. */
export const randomSchemaChanges =
  (runs: Parameters<typeof propertyRuns>[0]): Suite =>
  (begin) => {
    it('R18 R21 R23 R26 keys find the profiles whose answers match, after any changes of schemas and profiles', async function () {
      this.timeout(120_000);
      await fc.assert(property(begin), { numRuns: propertyRuns(runs), endOnFailure: false });
    });
  };
