import { deepStrictEqual } from 'node:assert/strict';
import type { Representation } from 'dossier';
import fc from 'fast-check';
import { propertyRuns } from '../property-runs.js';
import { type SentRepresentation, sentRepresentation, toRepresentation } from './arbitrary-representations.js';
import { type ModelSchema, modelSchema } from './arbitrary-schemas.js';
import { DOORS, type Door } from './doors.js';
import { type ModelOutcome, type ModelProfile, replaceInModel } from './replacement-model.js';

const NOTHING: ModelProfile = { attributes: {}, extensions: {} };

interface Run {
  readonly schema: ModelSchema;
  readonly created: SentRepresentation;
  readonly replacements: readonly SentRepresentation[];
}

/** A schema, a profile, and representations to replace it, valid and invalid. */
function runs(flat: boolean): fc.Arbitrary<Run> {
  return modelSchema.chain((schema) => {
    const inForm = (faulty: boolean) => sentRepresentation(schema, faulty).map((sent) => (flat ? asFlat(sent) : sent));
    return fc.record({
      schema: fc.constant(schema),
      created: inForm(false),
      replacements: fc.array(fc.boolean().chain(inForm), { minLength: 1, maxLength: 4 }),
    });
  });
}

function asFlat(sent: SentRepresentation): SentRepresentation {
  const extensions = sent.extensions?.length === 0 ? undefined : sent.extensions;
  return { ...sent, form: 'flat', extensions };
}

/** The profile as the model represents it. */
function sameAs(outcome: ModelOutcome): object {
  return outcome.kind === 'kept' ? outcome : { ...outcome, faults: outcome.faults.toSorted() };
}

for (const { name, flat, open } of DOORS) {
  describe(`full replacement against a plain model: ${name}`, function () {
    this.timeout(120_000);
    const numRuns = propertyRuns(name.endsWith('memory') ? { full: 300, quick: 60 } : { full: 100, quick: 25 });
    let opened: Awaited<ReturnType<typeof open>>;

    before(async () => {
      opened = await open();
    });
    after(() => opened.close());

    /** Creates the profile, if the model accepts it. */
    const enter = async ({
      schema,
      created,
    }: Run): Promise<{ readonly door: Door; readonly profile: ModelProfile }> => {
      const door = await opened.enter(schema.definition);
      const expected = replaceInModel(schema, NOTHING, created);
      const { kind, ...outcome } = await door.create(toRepresentation(created));
      deepStrictEqual(kind, expected.kind);
      fc.pre(expected.kind === 'kept' && 'profile' in outcome);
      const { profile } = expected as ModelOutcome & { kind: 'kept' };
      deepStrictEqual(outcome, { profile: { ...profile, revision: 1 } });
      return { door, profile };
    };

    it('R3 to R11 R13: stores and refuses exactly what the rules say', async () => {
      await fc.assert(
        fc.asyncProperty(runs(flat), async (run) => {
          const { door, profile } = await enter(run);
          let current = { ...profile, revision: 1 };
          for (const sent of run.replacements) {
            const expected = replaceInModel(run.schema, current, sent);
            const outcome = await door.replace(toRepresentation(sent));
            if (expected.kind === 'refused') {
              deepStrictEqual(sameAs(outcome), sameAs(expected));
            } else {
              const { attributes, extensions } = expected.profile;
              const changed = !isSame(expected.profile, current);
              current = { attributes, extensions, revision: current.revision + (changed ? 1 : 0) };
              deepStrictEqual(outcome, { kind: 'kept', profile: current });
            }
            deepStrictEqual(await door.read(), current, 'a refused replacement changes nothing');
          }
        }),
        { numRuns },
      );
    });

    it('R13: replacing a profile by its stored state changes nothing', async () => {
      await fc.assert(
        fc.asyncProperty(runs(flat), fc.boolean(), async (run, withExtensions) => {
          const { door } = await enter(run);
          const before = await door.read();
          const again = withExtensions ? whole(run.schema, before) : { attributes: before.attributes };
          deepStrictEqual(await door.replace(again), { kind: 'kept', profile: before });
        }),
        { numRuns },
      );
    });
  });
}

/** The profile as a complete representation, with single-valued extensions as bare records. */
function whole(schema: ModelSchema, { attributes, extensions }: ModelProfile): Representation {
  const given = Object.entries(extensions).map(([name, records]) => {
    const definition = schema.definition.extensions?.find((extension) => extension.name === name);
    return [name, definition?.type === 'single-valued' ? records[0] : records] as const;
  });
  return { attributes, extensions: Object.fromEntries(given) };
}

/** Compares members in any order. */
function isSame(one: ModelProfile, { attributes, extensions }: ModelProfile): boolean {
  try {
    deepStrictEqual({ attributes: one.attributes, extensions: one.extensions }, { attributes, extensions });
    return true;
  } catch {
    return false;
  }
}
