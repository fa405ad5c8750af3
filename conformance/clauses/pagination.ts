import type { ProfileRepository, StoredProfile } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { awaitAll, race } from '../concurrency.js';
import { commitAll, expectEqual } from '../expectations.js';
import { city, creation, deletion, TENANT, update } from '../sample-changes.js';
import { allPages, type FetchPage, foundPages, idsOf, walk } from '../tenant-state.js';
import { hostileCustomerIds } from './hostile-values.js';

const ENTRY = city('Ulm');
const addEntries = [ENTRY];

/** Both paginated methods. All profiles of these clauses have the entry, so that both return the same. */
const METHODS: Readonly<Record<string, (repository: ProfileRepository) => FetchPage>> = {
  page: (repository) => allPages(repository, TENANT),
  find: (repository) => foundPages(repository, TENANT, ENTRY),
};

/** In byte order. A locale or a case-insensitive comparison would order them differently. */
const IN_BYTE_ORDER = '- -a . 0 00 1 10 2 A B Z _ a aB ab b z ~ ~~'.split(' ');
const HOSTILE_IN_BYTE_ORDER = [...hostileCustomerIds].sort();

const idOf = (number: number) => `p${String(number).padStart(4, '0')}`;
const NUMBERED = Array.from({ length: 1001 }, (_, number) => idOf(number));
const PERMANENT = NUMBERED.filter((_, number) => number % 10 === 0).slice(0, 30);

/** Pagination of `page` and `find`: order, cursors, and stability under concurrent writes. */
export const paginationClauses: ClauseGroup = (clause) => {
  for (const [method, pagesOf] of Object.entries(METHODS)) {
    clause(`${method}/order`, 'returns profiles in byte order of their ids', async ({ repository }) => {
      const shuffled = [...IN_BYTE_ORDER].sort((a, b) => a.length - b.length || (a < b ? 1 : -1));
      for (const id of shuffled) await commitAll(repository, creation(id, { addEntries }));
      for (const limit of [1000, IN_BYTE_ORDER.length, 7, 1]) {
        expectEqual(idsOf(await walk(pagesOf(repository), limit)), IN_BYTE_ORDER, `the ids in pages of ${limit}`);
      }
    });

    clause(`${method}/order`, 'returns every kind of id in pages of one', async ({ repository }) => {
      await commitAll(repository, ...hostileCustomerIds.map((id) => creation(id, { addEntries })));
      expectEqual(idsOf(await walk(pagesOf(repository), 1)), HOSTILE_IN_BYTE_ORDER, 'the ids in pages of 1');
    });

    clause(`${method}/after`, 'begins after the id in `after`, whether it exists or not', async ({ repository }) => {
      await commitAll(repository, ...['b', 'd', 'f', 'h'].map((id) => creation(id, { addEntries })));
      for (const [after, expected] of [
        [undefined, ['b', 'd']],
        ['a', ['b', 'd']],
        ['b', ['d', 'f']],
        ['c', ['d', 'f']],
        ['f', ['h']],
        ['h', []],
        ['i', []],
      ] as const) {
        const page = await pagesOf(repository)({ after, limit: 2 });
        expectEqual(idsOf(page), expected, `the page after ${after}`);
      }
    });

    clause(`${method}/many`, 'pages through many profiles without loss or repetition', async ({ repository }) => {
      for (let from = 0; from < NUMBERED.length; from += 143) {
        const ids = NUMBERED.slice(from, from + 143);
        await commitAll(repository, ...ids.map((id) => creation(id, { extensions: {}, addEntries })));
      }
      const largest = await pagesOf(repository)({ limit: 1000 });
      expectEqual(idsOf(largest), NUMBERED.slice(0, 1000), 'a page of the maximum size');
      const latest = await pagesOf(repository)({ after: idOf(998), limit: 1 });
      expectEqual(idsOf(latest), [idOf(999)], 'a page of one at the end');
      expectEqual(idsOf(await walk(pagesOf(repository), 99)), NUMBERED, 'the ids in pages of 99');
    });

    clause(
      `${method}/stable`,
      'returns each permanent profile once while others are written between pages',
      async (context) => {
        const { repository, secondConnection } = context;
        await commitAll(repository, ...PERMANENT.map((id) => creation(id, { addEntries })));
        let round = 0;
        const between = async (page: readonly StoredProfile[]) => {
          round++;
          const last = page.at(-1)?.customerId;
          const [behind, next, ahead] = [`a${round}`, `${last}.a`, `${last}.b`];
          await commitAll(secondConnection, ...[behind, next, ahead].map((id) => creation(id, { addEntries })));
          await commitAll(secondConnection, update(PERMANENT[0] ?? '', round), update(PERMANENT.at(-1) ?? '', round));
          await commitAll(
            secondConnection,
            ...[behind, next].map((id) => deletion(id, 1, { removeEntries: addEntries })),
          );
        };
        expectPermanentOnce(await walk(pagesOf(repository), 4, between));
      },
    );

    clause(`${method}/racing`, 'returns each permanent profile once during concurrent writes', async (context) => {
      const { repository, secondConnection } = context;
      await commitAll(repository, ...PERMANENT.map((id) => creation(id, { addEntries })));
      const writing = race(context, 4, async (connection, racer) => {
        for (let number = 0; number < 10; number++) {
          const id = idOf(number * 20 + racer + 1);
          await commitAll(connection, creation(id, { addEntries }));
          if (racer % 2 === 0) await commitAll(connection, deletion(id, 1, { removeEntries: addEntries }));
        }
      });
      const walking = Promise.all(Array.from({ length: 5 }, () => walk(pagesOf(secondConnection), 3)));
      await awaitAll<unknown>([writing, walking]);
      for (const walked of await walking) expectPermanentOnce(walked);
    });
  }
};

function expectPermanentOnce(walked: readonly StoredProfile[]): void {
  const ids = idsOf(walked);
  const permanent = ids.filter((id) => PERMANENT.includes(id));
  expectEqual(permanent, PERMANENT, 'the profiles that exist all the time');
  expectEqual(ids, [...new Set(ids)].sort(), 'the ids, compared with themselves sorted and without duplicates');
}
