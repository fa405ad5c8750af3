import { deepStrictEqual } from 'node:assert/strict';
import { createDossier, isDossierError, type Profile, type SchemaDefinition } from 'dossier';
import type { ProfileRepository } from 'dossier/storage';
import fc from 'fast-check';
import { propertyRuns } from '../../property-runs.js';

/** Definitions that come, go, change their name, their type and their place. */
const ATTRIBUTES = [
  { name: 'Name', type: 'string' },
  { name: 'Email', type: 'string', multiValued: true },
  { name: 'Score', type: 'integer', default: 7 },
  { name: 'Email', type: 'string' },
  { name: 'Score', type: 'string' },
  { name: 'FullName', type: 'string', formerly: ['Name'] },
] as const;
const EXTENSIONS = [
  { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }], unique: ['Number'] },
  {
    name: 'Phone',
    type: 'multi-valued',
    attributes: [
      { name: 'Kind', type: 'string' },
      { name: 'Number', type: 'string' },
    ],
  },
  { name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] },
  {
    name: 'Home',
    type: 'single-valued',
    attributes: [{ name: 'Town', type: 'string', formerly: ['City'] }],
    formerly: ['Address'],
  },
] as const;
const KEYS = [
  { name: 'byEmail', attributes: ['Email'], unique: true, caseSensitive: false },
  { name: 'byNumber', source: 'Phone', attributes: ['Number'] },
] as const;

/** By what a definition is the same as another. */
const firstName = (definition: { readonly name: string; readonly formerly?: readonly string[] }) =>
  definition.formerly?.[0] ?? definition.name;

const FIRST = {
  attributes: ATTRIBUTES.slice(0, 3),
  extensions: [EXTENSIONS[0], EXTENSIONS[2]],
  identificationKeys: KEYS,
} as unknown as SchemaDefinition;

const schema = fc
  .record({
    attributes: fc.uniqueArray(fc.constantFrom(...ATTRIBUTES), { selector: firstName, maxLength: 3 }),
    extensions: fc.uniqueArray(fc.constantFrom(...EXTENSIONS), { selector: firstName, maxLength: 2 }),
    keys: fc.subarray([...KEYS]),
  })
  .map(({ attributes, extensions, keys }) => {
    const names: ReadonlySet<string> = new Set([...attributes, ...extensions].map(({ name }) => name));
    const identificationKeys = keys.filter((key) => names.has('source' in key ? key.source : key.attributes[0]));
    return { attributes, extensions, identificationKeys } as unknown as SchemaDefinition;
  });

const text = fc.constantFrom('a', 'A', 'b', 'c', 'a ', 'ä', '"\\', '\u0001', '\u{1f600}');
/** Most of them valid by {@link FIRST}. */
const mostly = <One, Other>(one: fc.Arbitrary<One>, other: fc.Arbitrary<Other>) =>
  fc.oneof({ weight: 9, arbitrary: one }, { weight: 1, arbitrary: other });
const given = fc.record(
  {
    Name: text,
    Email: mostly(fc.array(text, { maxLength: 2 }), text),
    Score: mostly(fc.constantFrom(1, 7), text),
  },
  { requiredKeys: [] },
);
const attributes = mostly(
  given,
  given.map(({ Name: FullName, ...others }) => ({ FullName, ...others })),
);
const phone = mostly(fc.record({ Number: text }), fc.record({ Kind: text, Number: text }));
const extensions = fc.record(
  {
    Phone: fc.uniqueArray(phone, { selector: (record) => record.Number, maxLength: 2 }),
    Address: fc.oneof(fc.record({ City: text }, { requiredKeys: [] }), fc.constant(null)),
  },
  { requiredKeys: [] },
);
const representation = fc.record({ attributes, extensions }, { requiredKeys: ['attributes'] });
const id = fc.constantFrom('anna', 'bert');
const options = fc.record(
  {
    segment: fc.constantFrom('gold', 'silver'),
    actor: text,
    allowLoss: mostly(fc.constant([]), fc.constantFrom(['Name'], ['None'])),
  },
  { requiredKeys: [] },
);

type Dossier = ReturnType<typeof createDossier>;
type Step = (dossier: Dossier) => Promise<unknown>;

/** The profile of each customer id that a client read last. */
const readings = new WeakMap<Dossier, Map<string, Profile>>();

function lastRead(dossier: Dossier): Map<string, Profile> {
  const known = readings.get(dossier) ?? new Map<string, Profile>();
  readings.set(dossier, known);
  return known;
}

/** What a replacement expects: in most cases what was read last, as the object or as the text of its reading. */
const expectation = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('object', 'text') },
  { weight: 1, arbitrary: fc.record({ ifRevision: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant([1, 2, 3])) }) },
);

function expectedBy(dossier: Dossier, customerId: string, expects: 'object' | 'text' | object): object {
  if (typeof expects === 'object') return expects;
  const basedOn = lastRead(dossier).get(customerId);
  return basedOn ? { basedOn: expects === 'text' ? basedOn.reading : basedOn } : {};
}

/** Replacements for the most part. */
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.tuple(id, representation, options).map(([customerId, given, chosen]): Step => {
      return ({ profiles }) => profiles.replace('1', customerId, given as never, chosen);
    }),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(id, representation, options, expectation, fc.boolean())
      .map(([customerId, given, chosen, expects, keeps]): Step => {
        return async (dossier) => {
          const expected = expectedBy(dossier, customerId, expects as 'object');
          const after = await dossier.profiles.replace('1', customerId, given as never, { ...chosen, ...expected });
          if (keeps) lastRead(dossier).set(customerId, after);
          return after;
        };
      }),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(id, fc.constantFrom('all', 'all', ['Phone'], undefined), fc.constantFrom(undefined, ['Name'] as const))
      .map(([customerId, extensions, attributes]): Step => {
        return async (dossier) => {
          const read = await dossier.profiles.get('1', customerId, { extensions, attributes } as never);
          lastRead(dossier).set(customerId, read);
          return read;
        };
      }),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(id, representation).map(([customerId, given]): Step => {
      return ({ profiles }) => profiles.create('1', { customerId, ...(given as object) } as never);
    }),
  },
  {
    weight: 2,
    arbitrary: schema.map(
      (definition): Step =>
        ({ schemas }) =>
          schemas.define('1', definition, { force: true }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(id, attributes).map(([customerId, given]): Step => {
      return ({ profiles }) => profiles.patch('1', customerId, given as never);
    }),
  },
  {
    weight: 1,
    arbitrary: id.map(
      (customerId): Step =>
        ({ profiles }) =>
          profiles.delete('1', customerId),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(id, fc.integer({ min: 1, max: 3 })).map(([customerId, revision]): Step => {
      return ({ profiles }) => profiles.restore('1', customerId, revision);
    }),
  },
  {
    weight: 1,
    arbitrary: id.map((customerId): Step => {
      return async ({ profiles }) => (await profiles.erase('1', customerId)).removed;
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>(({ profiles }) => profiles.merge('1', 'anna', 'bert', { force: true })) },
);

/** What a step answers, but for what differs by nature: the timestamps, and the readings that they are in. */
async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    const { reading: _, createdAt: __, updatedAt: ___, ...seen } = ((await work) ?? {}) as Partial<Profile>;
    return seen;
  } catch (error) {
    if (!isDossierError(error)) throw error;
    const violations = error.code === 'invalid_profile' ? error.violations : undefined;
    return { code: error.code, message: error.message, violations };
  }
}

async function stateOf({ profiles, schemas }: Dossier): Promise<unknown> {
  const { identificationKeys: keys = [] } = await schemas.get('1').catch(() => ({ identificationKeys: [] }));
  const states: unknown[] = [];
  for (const customerId of ['anna', 'bert']) {
    states.push(await outcomeOf(profiles.get('1', customerId, { extensions: 'all', residual: true })));
    const { items } = await profiles.history('1', customerId).catch(() => ({ items: [] }));
    states.push(items.map(({ time: _, ...state }) => state));
  }
  const lines = await profiles.changes('1').catch(outcomeOfError);
  states.push('items' in lines ? lines.items.map(({ time: _, ...line }) => line) : lines);
  for (const {
    name: key,
    attributes: [attribute = ''],
  } of keys) {
    const named = key === 'byNumber' ? `Phone.${attribute}` : attribute;
    for (const value of ['a', 'b', 'c']) {
      const found = await profiles.identify('1', { key, values: { [named]: value } } as never).catch(outcomeOfError);
      states.push('items' in found ? found.items.map(({ customerId }) => customerId) : found);
    }
  }
  return states;
}

function outcomeOfError(error: unknown) {
  return { code: isDossierError(error) ? error.code : String(error) };
}

/** The same repository without the capability. */
function withoutReplace(repository: ProfileRepository): ProfileRepository {
  return new Proxy(repository, {
    get(target, member: keyof ProfileRepository) {
      if (member === 'capabilities') return { ...target.capabilities, replace: false };
      const value = target[member];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/**
 * Declares the test.
 *
 * @param open opens an empty store
 */
export function describeSameWithout(
  name: string,
  open: () => Promise<ProfileRepository>,
  runs = { full: 120, quick: 40 },
): void {
  describe(`replacements unseen on ${name}`, function () {
    this.timeout(120_000);

    it('R6 to R8, R13, R14, R16, R19, R22, R23, R26, C1, E1, H1, L2: nobody sees the difference to loading and committing', async () => {
      let unseen = 0;
      const run = fc.tuple(fc.boolean(), fc.boolean(), fc.array(step, { minLength: 5, maxLength: 20, size: 'max' }));
      await fc.assert(
        fc.asyncProperty(run, async ([lossGuard, changes, steps]) => {
          const stores = [await open(), withoutReplace(await open())];
          const [one, other] = stores.map((repository) => {
            const counted = new Proxy(repository, {
              get(target, member: keyof ProfileRepository) {
                const value = target[member];
                if (typeof value !== 'function') return value;
                return async (...args: never[]) => {
                  const answer = await (value as (...given: never[]) => Promise<{ outcome?: string }>).apply(
                    target,
                    args,
                  );
                  if (member === 'replace' && answer.outcome !== 'look') unseen += 1;
                  return answer;
                };
              },
            });
            return createDossier({ repository: counted, lossGuard, changes });
          });
          if (!one || !other) throw new Error('There are two.');
          const define: Step = ({ schemas }) => schemas.define('1', FIRST);
          const create: Step = ({ profiles }) => profiles.create('1', { customerId: 'anna', attributes: {} });
          const replace: Step = ({ profiles }) => profiles.replace('1', 'anna', { attributes: { Name: 'a' } as never });
          for (const work of [define, create, replace, ...steps]) {
            deepStrictEqual(await outcomeOf(work(one)), await outcomeOf(work(other)));
            deepStrictEqual(await stateOf(one), await stateOf(other));
          }
        }),
        // With a guard against losses, or a feed, none is made unseen.
        { numRuns: propertyRuns(runs), examples: [[[false, false, []]]] },
      );
      if (unseen === 0) throw new Error('No replacement was made unseen.');
    });
  });
}
