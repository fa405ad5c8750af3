import { deepStrictEqual } from 'node:assert/strict';
import { isDossierError, type ProfileService } from 'dossier';
import fc from 'fast-check';
import { propertyRuns } from '../../property-runs.js';
import { createServices, TENANT } from '../../service-harness.js';
import { command, IDS, SCHEMA } from './history-commands.js';
import { changedIn, contentOf, HistoryModel } from './history-model.js';
import { statesOf } from './states.js';

/** A command, the segment that it sets, and how far the clock goes before it, or back. */
const step = fc.record({
  command,
  segment: fc.constantFrom(undefined, undefined, undefined, 'gold', 'silver'),
  minutes: fc.integer({ min: -2, max: 5 }),
});

const run = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 25, size: 'max' }),
  retained: fc.constantFrom(1, 3, Number.POSITIVE_INFINITY),
  limit: fc.integer({ min: 1, max: 4 }),
});

describe('H1 H2 H3 H5: the history of any sequence of changes', function () {
  this.timeout(120_000);

  it('has the acknowledged states in their order, and restores each as it was', async () => {
    await fc.assert(
      fc.asyncProperty(run, async ({ steps, retained, limit }) => {
        let now = Date.UTC(2024, 0, 1);
        const history = retained === Number.POSITIVE_INFINITY ? 'all' : { revisions: retained };
        const { profiles, schemas, state } = createServices(undefined, { history, now: () => new Date(now) });
        await schemas.define(TENANT, SCHEMA);
        const model = new HistoryModel(retained);
        const contentNow = (id: string) =>
          state(id).then(contentOf, (error) => {
            if (isDossierError(error) && error.code === 'not_found') return undefined;
            throw error;
          });

        for (const [index, { command, segment, minutes }] of steps.entries()) {
          now += minutes * 60_000;
          const { id, operation, source, expected } = command;
          const [existed, actor] = [model.present(id)?.content !== undefined, `actor ${index}`];
          const predicted = expected?.(model);
          const isDone = await command.run(profiles, { actor, segment }).then(
            () => true,
            (error) => {
              if (!isDossierError(error)) throw error;
              return false;
            },
          );
          if (operation === 'restore') deepStrictEqual(isDone, predicted !== undefined, 'restores what is answered');
          if (operation === 'delete') deepStrictEqual(isDone, existed);
          if (!isDone) continue;
          const content = await contentNow(id);
          if (expected) deepStrictEqual(content, predicted, operation);
          if (model.add(id, operation, actor, content) && content) {
            deepStrictEqual((await state(id)).revision, model.present(id)?.revision);
          }
          if (source !== undefined) model.add(source, operation, actor, undefined);
        }

        const expectModel = async () => {
          for (const id of IDS) {
            const states = model.answered(id);
            const seen = states.length === 0 ? [] : await pagesOf(profiles, id, limit);
            deepStrictEqual(
              seen.map(({ revision, operation, actor }) => ({ revision, operation, actor })),
              states.map(({ revision, operation, actor }) => ({ revision, operation, actor })),
            );
            for (const [index, { revision, content }] of states.entries()) {
              const older = states[index + 1];
              const changed = seen[index]?.changed;
              deepStrictEqual(changed && new Set(changed), older && changedIn(older.content, content));
              const former = await profiles.at(TENANT, id, revision, { extensions: 'all' }).catch(() => undefined);
              deepStrictEqual(former && contentOf(former), content);
            }
            const times = seen.map(({ time }) => time);
            deepStrictEqual(times, times.toSorted().reverse(), 'times never decrease with revisions');
          }
        };
        await expectModel();
        await profiles.prune(TENANT);
        await expectModel();
      }),
      { numRuns: propertyRuns({ full: 1_000, quick: 40 }) },
    );
  });
});

async function pagesOf(profiles: ProfileService, id: string, limit: number) {
  const items = [];
  let after: number | undefined;
  do {
    const page = await profiles.history(TENANT, id, { after, limit });
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  deepStrictEqual(items, await statesOf(profiles, id));
  return items;
}
