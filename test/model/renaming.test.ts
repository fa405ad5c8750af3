import { deepStrictEqual } from 'node:assert/strict';
import {
  type AttributeDefinition,
  createDossier,
  type ExtensionDefinition,
  type IdentificationKeyDefinition,
  isDossierError,
  type SchemaDefinition,
} from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';
import fc from 'fast-check';
import { memoryStore } from '../adapters/knex/sqlite-store.js';
import { propertyRuns } from '../property-runs.js';
import { sentRepresentation, toRepresentation } from './arbitrary-representations.js';
import { modelSchema } from './arbitrary-schemas.js';

interface Storage {
  readonly repository: ProfileRepository;
  readonly close: () => Promise<unknown>;
}

const STORAGES: Readonly<Record<string, () => Promise<Storage>>> = {
  memory: async () => ({ repository: new InMemoryProfileRepository(), close: async () => undefined }),
  SQLite: async () => {
    const store = memoryStore();
    const knex = store.open();
    await migrate(knex);
    return { repository: new KnexProfileRepository(knex), close: () => store.dispose() };
  },
};

/** What is done to a schema that has a profile: definitions get other names, or former ones back; or the profile is written. */
type Step =
  | { readonly kind: 'rename'; readonly chosen: readonly boolean[]; readonly back: boolean; readonly upper: boolean }
  | { readonly kind: 'write' }
  | { readonly kind: 'define again' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('rename' as const),
    chosen: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
    back: fc.boolean(),
    upper: fc.boolean(),
  }),
  fc.constantFrom<Step>({ kind: 'write' }, { kind: 'define again' }),
);

const runs = modelSchema.chain((schema) =>
  fc.record({
    schema: fc.constant(schema.definition),
    created: sentRepresentation(schema, false),
    steps: fc.array(step, { minLength: 1, maxLength: 5 }),
  }),
);

/** An attribute that only the writes change, so that each of them stores the profile anew. */
const WRITES: AttributeDefinition = { name: 'Writes', type: 'integer' };

/** Renames definitions, and remembers by which names they were known first. */
class Renaming {
  schema: SchemaDefinition;
  /** The first names of each definition and of what belongs to it, by its present name: `Phone`, `Phone.Number`. */
  readonly #first = new Map<string, string>();
  #count = 0;
  #turn = 0;

  constructor(schema: SchemaDefinition) {
    this.schema = schema;
  }

  rename({ chosen, back, upper }: Extract<Step, { kind: 'rename' }>): void {
    const { attributes, extensions = [], identificationKeys = [] } = this.schema;
    const names = new Map<string, string>();
    const renamed = <D extends AttributeDefinition | ExtensionDefinition>(definition: D, owner = ''): D => {
      if (definition.name === WRITES.name || !chosen[this.#turn++ % chosen.length]) return definition;
      const [before] = definition.formerly ?? [];
      const name = back && before !== undefined ? this.#declared(before, owner) : `New${++this.#count}`;
      names.set(owner + definition.name, name);
      return { ...definition, name, formerly: [upper ? definition.name.toUpperCase() : definition.name] };
    };
    const first = (name: string) => this.#first.get(name) ?? name;
    const remembered: [string, string][] = [];
    this.schema = {
      attributes: attributes.map((one) => {
        const next = renamed(one);
        remembered.push([next.name, first(one.name)]);
        return next;
      }),
      extensions: extensions.map((one) => {
        const inside = one.attributes.map((attribute) => renamed(attribute, `${one.name}.`));
        const next = { ...renamed(one), attributes: inside };
        remembered.push([next.name, first(one.name)]);
        for (const [index, { name }] of inside.entries()) {
          const former = one.attributes[index]?.name ?? '';
          remembered.push([`${next.name}.${name}`, first(`${one.name}.${former}`)]);
        }
        const unique = one.unique?.map((name) => names.get(`${one.name}.${name}`) ?? name);
        return { ...next, ...(unique && { unique }) };
      }),
      identificationKeys: identificationKeys.map((key) => {
        const { source } = key;
        const owner = source === undefined ? '' : `${source}.`;
        return {
          ...key,
          ...(source !== undefined && { source: names.get(source) ?? source }),
          attributes: key.attributes.map((name) => names.get(owner + name) ?? name),
        };
      }),
    };
    for (const [name, original] of remembered) this.#first.set(name, original);
  }

  /** A former name may be given in another case; the names of the test are compared exactly. */
  #declared(former: string, owner: string): string {
    const known = [...this.#first.keys()].find((name) => name.toUpperCase() === (owner + former).toUpperCase());
    return known === undefined ? former : known.slice(owner.length);
  }

  /** A profile by the first names. */
  original({ attributes, extensions = {} }: Answer): object {
    const first = (name: string) => this.#first.get(name) ?? name;
    const last = (name: string) => first(name).split('.').at(-1) ?? '';
    const { [WRITES.name]: _, ...others } = attributes;
    const record = (owner: string, members: object) =>
      Object.fromEntries(Object.entries(members).map(([name, value]) => [last(`${owner}.${name}`), value]));
    return {
      attributes: Object.fromEntries(Object.entries(others).map(([name, value]) => [first(name), value])),
      extensions: Object.fromEntries(
        Object.entries(extensions).map(([name, records]) => [
          first(name),
          Array.isArray(records) ? records.map((one) => record(name, one)) : record(name, records),
        ]),
      ),
    };
  }
}

interface Answer {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, object | readonly object[]>>;
}

/** A key on each attribute of the profile, and on each of the first extension. */
function withKeys(schema: SchemaDefinition): SchemaDefinition {
  const [extension] = schema.extensions ?? [];
  const keys: IdentificationKeyDefinition[] = [
    ...schema.attributes.map(({ name }) => ({ name: `by${name}`.slice(0, 64), attributes: [name] })),
    ...(extension?.attributes ?? []).map(({ name }) => ({
      name: `in${name}`.slice(0, 64),
      source: extension?.name ?? '',
      attributes: [name],
    })),
  ];
  return { ...schema, attributes: [...schema.attributes, WRITES], identificationKeys: keys };
}

for (const [name, open] of Object.entries(STORAGES)) {
  describe(`renaming against a plain model: ${name}`, function () {
    this.timeout(120_000);
    let storage: Storage;
    let tenants = 0;

    before(async () => {
      storage = await open();
    });
    after(() => storage.close());

    it('R26 what is answered, found and kept under new names is what was under the former ones', async () => {
      const dossier = createDossier({ repository: storage.repository });
      const numRuns = propertyRuns(name === 'memory' ? { full: 300, quick: 60 } : { full: 60, quick: 15 });
      await fc.assert(
        fc.asyncProperty(runs, async ({ schema, created, steps }) => {
          const { profiles, schemas } = dossier.tenant(`${++tenants}`);
          const renaming = new Renaming(withKeys(schema));
          await schemas.define(renaming.schema);
          try {
            await profiles.create({ customerId: 'x', ...toRepresentation(created) });
          } catch (error) {
            fc.pre(!(isDossierError(error) && error.code === 'invalid_profile'));
            throw error;
          }
          const before = renaming.original(await profiles.get('x', { extensions: 'all' }));
          const entries = await found(profiles, renaming.schema);
          for (const [index, one] of steps.entries()) {
            const { version } = await schemas.get();
            const answered = await profiles.get('x', { extensions: 'all' });
            if (one.kind === 'write') {
              const { attributes, extensions = {} } = answered;
              await profiles.replace('x', { attributes: { ...attributes, Writes: index }, extensions });
            } else {
              if (one.kind === 'rename') renaming.rename(one);
              const again = await schemas.define(renaming.schema, {
                onProgress: () => {
                  throw new Error('A key was backfilled.');
                },
              });
              if (one.kind === 'define again') deepStrictEqual(again.version, version);
            }
            deepStrictEqual(renaming.original(await profiles.get('x', { extensions: 'all' })), before);
            deepStrictEqual(renaming.original(await profiles.at('x', 1, { extensions: 'all' })), before);
            deepStrictEqual(await found(profiles, renaming.schema), entries);
            deepStrictEqual((await profiles.get('x', { residual: true })).residual, undefined);
          }
        }),
        { numRuns },
      );
    });
  });
}

/** Which keys find the profile by its own first values. */
async function found(
  profiles: ReturnType<ReturnType<typeof createDossier>['tenant']>['profiles'],
  { identificationKeys = [] }: SchemaDefinition,
): Promise<readonly string[]> {
  const { attributes, extensions = {} } = await profiles.get('x', { extensions: 'all' });
  const names: string[] = [];
  for (const {
    name,
    source,
    attributes: [attribute = ''],
  } of identificationKeys) {
    const records = source !== undefined && Object.hasOwn(extensions, source) ? [extensions[source] ?? []].flat() : [];
    const owner = source === undefined ? attributes : records[0];
    const value = owner && Object.hasOwn(owner, attribute) ? [owner[attribute]].flat()[0] : undefined;
    if (value === undefined) continue;
    const values = { [source === undefined ? attribute : `${source}.${attribute}`]: value };
    const { items } = await profiles.identify({ key: name, values });
    if (items.some(({ customerId }) => customerId === 'x')) names.push(name);
  }
  return names;
}
