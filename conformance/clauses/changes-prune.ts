import type { ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { race } from '../concurrency.js';
import { commitSchemaVersion, expectCommitted, expectEqual } from '../expectations.js';
import { ALL, allLines, changesPage, FEED, feedAll, linesAfter, nameOf, pruneLines } from '../feed.js';
import { ANNA, BERT, creation, TENANT, update } from '../sample-changes.js';

const line = { changed: ['/Name'] };

/** The timestamp of the change that makes a revision. */
const timeOf = (revision: number) => `2024-03-${String(revision).padStart(2, '0')}T08:00:00.000Z`;

async function writeLines(repository: ProfileRepository, customerId: string, count: number, tenantId = TENANT) {
  const place = { ...FEED, tenantId };
  await expectCommitted(repository, [creation(customerId, { at: timeOf(1), line })], place);
  for (let revision = 2; revision <= count; revision++) {
    const next = { createdAt: timeOf(1), at: timeOf(revision), line };
    await expectCommitted(repository, [update(customerId, revision - 1, next)], place);
    // Numbers each line by itself.
    await changesPage(repository, tenantId, { limit: 1_000 });
  }
}

/** Removal of lines, if the capability is declared. */
export const changesPruneClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.changes) return;

  clause('changes/prune', 'removes lines before a timestamp, the oldest first', async ({ repository }) => {
    await writeLines(repository, ANNA, 6);
    const lines = await allLines(repository);
    for (const [before, limit, removed, left] of [
      [timeOf(1), 10, 0, 6],
      [timeOf(1).replace('000Z', '001Z'), 10, 1, 5],
      [timeOf(5), 2, 2, 3],
      [timeOf(5), 2, 1, 2],
      [timeOf(5), 2, 0, 2],
    ] as const) {
      expectEqual(await pruneLines(repository, { before, limit }), removed, `the number of lines before ${before}`);
      expectEqual(await allLines(repository), lines.slice(-left), `the lines that are left, from ${before}`);
      const { newest, removed: last } = await changesPage(repository, TENANT, { limit: 1 });
      expectEqual([newest, last], [6, 6 - left], 'the newest position, and the last that was removed');
    }
    await feedAll(repository, creation(BERT, { line }));
    expectEqual((await allLines(repository)).at(-1)?.position, 7, 'the position of the next line');
  });

  clause('changes/prune', 'removes lines that nobody has read', async ({ repository }) => {
    await feedAll(repository, creation(ANNA, { at: timeOf(1), line }));
    expectEqual(await pruneLines(repository, { before: timeOf(2), limit: 10 }), 1, 'the number of removed lines');
    const page = await changesPage(repository, TENANT, { limit: 10 });
    expectEqual(page, { lines: [], more: false, newest: 1, removed: 1 }, 'the feed afterwards');
  });

  clause('changes/prune', 'readers can tell that they are too late', async ({ repository }) => {
    await commitSchemaVersion(repository, 1, '3');
    await writeLines(repository, ANNA, 3, '3');
    await writeLines(repository, ANNA, 3);
    const all = await linesAfter(repository, ALL);
    await pruneLines(repository, { before: timeOf(3), limit: 10 }, '3');
    const { removed, newest } = await changesPage(repository, ALL, { limit: 1_000 });
    const last = all.findLast(({ tenantId, revision }) => tenantId === '3' && revision === 2);
    const expected = { removed: last?.position, newest: all.at(-1)?.position };
    expectEqual({ removed, newest }, expected, 'what the feed of all tenants tells');
    const rest = await linesAfter(repository, ALL, { after: removed });
    expectEqual(
      rest,
      all.filter(({ position }) => position > removed),
      'its lines after those that were removed',
    );
    expectEqual(
      (await changesPage(repository, TENANT, { limit: 10 })).removed,
      0,
      'what was removed of the other tenant',
    );
    expectEqual((await allLines(repository)).map(nameOf), ['anna 1', 'anna 2', 'anna 3'], 'its lines');
  });

  clause('changes/prune', 'concurrent callers remove each line once', async (context) => {
    await writeLines(context.repository, ANNA, 5);
    const removed = await race(context, 4, (connection) => pruneLines(connection, { before: timeOf(4), limit: 10 }));
    expectEqual(
      removed.reduce((sum, count) => sum + count, 0),
      3,
      'the number of lines that all callers removed',
    );
    expectEqual((await allLines(context.repository)).map(nameOf), ['anna 4', 'anna 5'], 'the lines that are left');
  });
};
