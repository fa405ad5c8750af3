import { deepStrictEqual } from 'node:assert/strict';
import { type AttributeDefinition, createDossier } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';
import fc from 'fast-check';
import { propertyRuns } from '../property-runs.js';

const NAMES = ['A', 'B', 'C', 'D'] as const;
type Value = string | number;

/** Each name is that of a definition, a former one of the definition at a place, or none. */
type Role =
  | { readonly is: 'name'; readonly type: 'string' | 'integer' }
  | { readonly is: 'former'; readonly of: number };

type Step =
  | { readonly kind: 'define'; readonly roles: readonly (Role | undefined)[]; readonly order: readonly number[] }
  | { readonly kind: 'replace'; readonly values: readonly (Value | undefined)[] }
  | { readonly kind: 'touch' };

const role: fc.Arbitrary<Role | undefined> = fc.option(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        is: fc.constant('name' as const),
        type: fc.constantFrom('string' as const, 'integer' as const),
      }),
    },
    { weight: 2, arbitrary: fc.record({ is: fc.constant('former' as const), of: fc.nat(3) }) },
  ),
  { nil: undefined },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('define' as const),
    roles: fc.tuple(role, role, role, role),
    order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('replace' as const),
    values: fc.array(fc.option(fc.constantFrom<Value>('x', 'y', 1, 2), { nil: undefined }), {
      minLength: 4,
      maxLength: 4,
    }),
  }),
  fc.constant<Step>({ kind: 'touch' }),
);

/** Values by the names under which they stand, wherever a storage may keep them. */
type Standing = ReadonlyMap<string, Value>;

function fits({ type }: AttributeDefinition, value: Value | undefined): boolean {
  return type === 'string' ? typeof value === 'string' : typeof value === 'number';
}

function namesOf({ name, formerly = [] }: AttributeDefinition): string[] {
  return [name, ...formerly];
}

function answered(attribute: AttributeDefinition, standing: Standing): string | undefined {
  return namesOf(attribute).find((name) => fits(attribute, standing.get(name)));
}

/** A whole replacement: what is given goes under the present name, and what is cleared is so under all names. */
function replaced(
  attributes: readonly AttributeDefinition[],
  standing: Standing,
  given: Record<string, Value>,
): Standing {
  const next = new Map(standing);
  for (const attribute of attributes) {
    const value = given[attribute.name];
    const winner = answered(attribute, standing);
    for (const name of namesOf(attribute)) {
      const goes =
        value === undefined
          ? fits(attribute, standing.get(name))
          : name === winner || !fits(attribute, standing.get(name));
      if (goes) next.delete(name);
    }
    if (value !== undefined) next.set(attribute.name, value);
  }
  return next;
}

function definitionsOf({ roles, order }: Extract<Step, { kind: 'define' }>): AttributeDefinition[] {
  const present = NAMES.flatMap((name, at) => {
    const one = roles[at];
    return one?.is === 'name' ? [{ name, type: one.type, formerly: [] as string[] }] : [];
  });
  for (const at of order) {
    const one = roles[at];
    if (one?.is === 'former') present[one.of % present.length]?.formerly.push(NAMES[at] ?? '');
  }
  return present;
}

describe('values under several names against a plain model', function () {
  this.timeout(60_000);

  it('R6 R23 R26 are answered, residual, replaced and cleared alike, however often the profile was stored anew', async () => {
    const repository = new InMemoryProfileRepository();
    const dossier = createDossier({ repository });
    let tenants = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
        const { profiles, schemas } = dossier.tenant(`${++tenants}`);
        const touches: AttributeDefinition = { name: 'Touches', type: 'integer' };
        const define = async (definitions: readonly AttributeDefinition[]) =>
          (await schemas.defineAttributes([...definitions, touches])).attributes.filter(
            ({ name }) => name !== 'Touches',
          );
        let attributes = await define(NAMES.map((name) => ({ name, type: 'string' as const })));
        let standing: Standing = new Map(NAMES.map((name) => [name, name.toLowerCase()]));
        await profiles.create({ customerId: 'x', attributes: Object.fromEntries(standing) });
        for (const [index, one] of steps.entries()) {
          if (one.kind === 'define') attributes = await define(definitionsOf(one));
          else {
            const values = attributes.flatMap((attribute, at): [string, Value][] => {
              const drawn = one.kind === 'replace' ? one.values[at] : standing.get(answered(attribute, standing) ?? '');
              return drawn !== undefined && fits(attribute, drawn) ? [[attribute.name, drawn]] : [];
            });
            const given = Object.fromEntries(values);
            // Otherwise, one that changes nothing would leave all where it is.
            await profiles.replace('x', { attributes: { ...given, Touches: index } });
            standing = replaced(attributes, standing, given);
          }
          const { attributes: shown, residual } = await profiles.get('x', { residual: true });
          const { Touches: _, ...others } = shown;
          const winners = attributes.flatMap((attribute): [string, string][] => {
            const name = answered(attribute, standing);
            return name === undefined ? [] : [[attribute.name, name]];
          });
          deepStrictEqual(
            { ...others },
            Object.fromEntries(winners.map(([name, stored]) => [name, standing.get(stored)])),
          );
          const hidden = new Map(standing);
          for (const [, stored] of winners) hidden.delete(stored);
          deepStrictEqual({ ...residual?.attributes }, Object.fromEntries(hidden));
        }
      }),
      { numRuns: propertyRuns({ full: 1_000, quick: 100 }) },
    );
  });
});
