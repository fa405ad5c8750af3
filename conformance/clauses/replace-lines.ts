import type { ReplaceLine } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { race } from '../concurrency.js';
import { commitAll, expectEqual, loadProfile } from '../expectations.js';
import { allLines, FEED } from '../feed.js';
import { ANNA, BERT, email, REPLACED_AT, replacement, TENANT, UPDATED_AT, update } from '../sample-changes.js';
import { canonical, replace } from './replace.js';

/** Not in the order of the documents. A name may be that of a property that every object inherits. */
const LINE: ReplaceLine = {
  origin: 'crm \u{1f600} ü',
  attributes: ['Visits', 'constructor', 'Name', 'Tags', 'toString'],
  extensions: ['Log', 'Phone', 'Address'],
};
const METADATA = { operation: 'import', actor: 'Zoë', reason: 'corrected \u{1f600}' } as const;
const RACERS = 20;

/** The lines of replacements unseen (C1), if both capabilities are declared. */
export const replaceLineClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.replace || !options.capabilities.changes) return;

  clause('replace/line', 'a replacement leaves a line, with the members that differ', async ({ repository }) => {
    await commitAll(repository, canonical(ANNA, email('taken')), canonical(BERT));
    const { attributes, extensions } = await loadProfile(repository, ANNA);
    const { Phone, ...withoutPhone } = extensions ?? {};
    const texts = { Name: 'Änne "\u{1f600}" \\', constructor: 'x', Tags: [] };
    const steps: readonly (readonly [Parameters<typeof replacement>[1], readonly string[]])[] = [
      [{ attributes: { ...attributes, Visits: 2 } }, ['/Visits']],
      [{ attributes: { ...texts, Visits: 2 } }, ['/constructor', '/Name', '/Tags']],
      [{ attributes: { ...texts, Visits: 2 }, segment: 'gold' }, ['/segment']],
      [{ attributes: texts, extensions: withoutPhone }, ['/Visits', '/Phone']],
      [{ attributes: { ...texts, Name: 'Änne' }, segment: null, extensions: {} }, ['/Name', '/Address', '/segment']],
      [
        { attributes: { Name: 'Anne' }, extensions: { Log: [{ Text: '\u0001' }] } },
        ['/constructor', '/Name', '/Tags', '/Log'],
      ],
    ];
    for (const [index, [details, changed]] of steps.entries()) {
      const change = replacement(ANNA, { metadata: METADATA, line: LINE, ...details });
      const refused = { ...change, expected: { revision: 99 } };
      expectEqual((await replace(repository, refused, FEED)).outcome, 'look', 'the outcome in another state');
      expectEqual((await replace(repository, change, FEED)).outcome, 'replaced', `the outcome of step ${index}`);
      expectEqual((await replace(repository, change, FEED)).outcome, 'unchanged', 'the outcome of the same again');
      const [line, ...others] = (await allLines(repository, TENANT)).slice(index);
      expectEqual(others, [], 'the lines beside that of the replacement');
      expectEqual(
        line && { ...line, position: 0 },
        {
          ...{ tenantId: TENANT, position: 0, customerId: ANNA, revision: index + 2, at: REPLACED_AT },
          ...{ metadata: METADATA, deleted: false, origin: LINE.origin, changed },
        },
        `the line of step ${index}`,
      );
    }
  });

  clause('replace/line-timestamp', 'a line has the timestamp that the profile gets (H1)', async ({ repository }) => {
    await commitAll(repository, canonical(ANNA));
    await commitAll(repository, update(ANNA, 1, { canonical: true }));
    const change = replacement(ANNA, {
      attributes: {},
      at: '2024-01-01T00:00:00.000Z',
      line: { attributes: ['Name'], extensions: [] },
    });
    await replace(repository, change, FEED);
    const [line] = await allLines(repository, TENANT);
    expectEqual([line?.at, line?.origin], [UPDATED_AT, undefined], 'the timestamp and the origin of the line');
  });

  clause('replace/line-racing', 'racing replacements leave a line each, by what they replaced', async (context) => {
    const { repository } = context;
    await commitAll(repository, canonical(ANNA));
    const members = Array.from({ length: RACERS }, (_, racer) => `Racer${racer}`);
    const done = await race(context, RACERS, async (connection, racer) => {
      const attributes = { [members[racer] ?? '']: 1 };
      const change = replacement(ANNA, { attributes, line: { attributes: members, extensions: [] } });
      for (;;) {
        const result = await replace(connection, change, FEED);
        if (result.outcome !== 'look') return result.revision;
      }
    });
    const byRevision = members.toSorted(
      (one, other) => (done[members.indexOf(one)] ?? 0) - (done[members.indexOf(other)] ?? 0),
    );
    const expected = byRevision.map((member, index) => {
      const changed = new Set([member, byRevision[index - 1] ?? member]);
      return [index + 2, members.filter((one) => changed.has(one)).map((one) => `/${one}`)];
    });
    const lines = await allLines(repository, TENANT);
    expectEqual(
      lines.map(({ revision, changed }) => [revision, changed]),
      expected,
      'the lines',
    );
  });
};
