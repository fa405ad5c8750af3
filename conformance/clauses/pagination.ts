import type { ProfileRepository, StoredProfile } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { awaitAll, race, readWhileWriting, yieldToEventLoop } from '../concurrency.js';
import { commitAll, expectEqual } from '../expectations.js';
import { city, creation, deletion, largeCreation, TENANT, update } from '../sample-changes.js';
import { allPages, type FetchPage, firstProfiles, foundPages, idsOf, walk } from '../tenant-state.js';
import { hostileCustomerIds } from './hostile-values.js';

const ENTRY = city('Ulm');
const addEntries = [ENTRY];

/** Both paginated methods. All profiles of these clauses have the entry, so that both return the same. */
const METHODS: Readonly<Record<string, (repository: ProfileRepository, extensions?: boolean) => FetchPage>> = {
  page: (repository) => allPages(repository, TENANT),
  find: (repository, extensions) => foundPages(repository, TENANT, ENTRY, extensions),
};

/** In byte order. A locale or a case-insensitive comparison would order them differently. */
const IN_BYTE_ORDER = '- -a . 0 00 1 10 2 A B Z _ a aB ab b z ~ ~~'.split(' ');
const HOSTILE_IN_BYTE_ORDER = [...hostileCustomerIds].sort();

const idOf = (number: number) => `p${String(number).padStart(4, '0')}`;
const NUMBERED = Array.from({ length: 1001 }, (_, number) => idOf(number));
const PERMANENT = NUMBERED.filter((_, number) => number % 10 === 0).slice(0, 30);
/** Two after each permanent profile, so that no page of three has permanent ones alone. */
const TRANSIENT = PERMANENT.flatMap((id) => [`${id}.a`, `${id}.b`]);
const ROUNDS = 4;

/** Nine profiles of 2 MiB: 18 MiB, more than a packet, an answer or a document of many stores. */
const LARGE_IDS = Array.from('abcdefghi');

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
        const page = await firstProfiles(pagesOf(repository), { after, limit: 2 });
        expectEqual(idsOf(page), expected, `the page after ${after}`);
      }
    });

    clause(`${method}/more`, 'says whether more profiles follow', async ({ repository }) => {
      const ids = ['a', 'b', 'c', 'd', 'e'];
      await commitAll(repository, ...ids.map((id) => creation(id, { addEntries })));
      for (let limit = 1; limit <= ids.length + 1; limit++) {
        expectEqual(idsOf(await walk(pagesOf(repository), limit)), ids, `the ids in pages of ${limit}`);
      }
      for (const after of ['e', 'f']) {
        const last = { profiles: [], more: false };
        const { profiles, more } = await pagesOf(repository)({ after, limit: 1 });
        expectEqual({ profiles, more }, last, `the page after ${after}`);
      }
    });

    clause(`${method}/large`, 'returns every profile of a page that is too large for one answer', async (context) => {
      const { repository, secondConnection } = context;
      for (const id of LARGE_IDS) await commitAll(repository, largeCreation(id, { addEntries }));
      const profiles = await walk(pagesOf(secondConnection, true), 1000);
      expectEqual(idsOf(profiles), LARGE_IDS, 'the ids');
      for (const { customerId, attributes, extensions } of profiles) {
        const { attributes: expected, extensions: log } = largeCreation(customerId);
        const what = `the documents of ${customerId}`;
        expectEqual({ attributes, extensions }, { attributes: expected, extensions: log }, what);
      }
    });

    clause(`${method}/later-pages`, 'a later page sees what was committed since the first one', async (context) => {
      const { repository, secondConnection } = context;
      await commitAll(repository, ...['b', 'd', 'f', 'h', 'j'].map((id) => creation(id, { addEntries })));
      const pages = pagesOf(repository);
      const first = await firstProfiles(pages, { limit: 2 });
      expectEqual(idsOf(first), ['b', 'd'], 'the first two ids');
      await commitAll(
        secondConnection,
        creation('e', { addEntries }),
        deletion('f', 1, { removeEntries: addEntries }),
        update('h', 1),
      );
      const second = await firstProfiles(pages, { after: 'd', limit: 2 });
      await commitAll(secondConnection, update('j', 1), creation('i', { addEntries }));
      const third = await walk(pages, 2, { after: 'h' });
      const rest = [...second, ...third].map(({ customerId, revision }) => [customerId, revision]);
      const expected = Object.entries({ e: 1, h: 2, i: 1, j: 2 });
      expectEqual(rest, expected, 'the later ids with their revisions');
    });

    clause(`${method}/short`, 'a page that misses profiles deleted meanwhile is not the last', async (context) => {
      const { repository } = context;
      await commitAll(repository, ...PERMANENT.map((id) => creation(id, { addEntries })));
      await readWhileWriting(
        context,
        2,
        async () => {
          for (let round = 0; round < ROUNDS; round++) {
            await commitAll(repository, ...TRANSIENT.map((id) => creation(id, { addEntries })));
            await yieldToEventLoop();
            await commitAll(repository, ...TRANSIENT.map((id) => deletion(id, 1, { removeEntries: addEntries })));
            await yieldToEventLoop();
          }
        },
        async (connection) => expectPermanentOnce(await walk(pagesOf(connection), 3)),
      );
    });

    clause(`${method}/many`, 'pages through many profiles without loss or repetition', async ({ repository }) => {
      for (let from = 0; from < NUMBERED.length; from += 143) {
        const ids = NUMBERED.slice(from, from + 143);
        await commitAll(repository, ...ids.map((id) => creation(id, { extensions: {}, addEntries })));
      }
      const largest = await firstProfiles(pagesOf(repository), { limit: 1000 });
      expectEqual(idsOf(largest), NUMBERED.slice(0, 1000), 'a page of the maximum size');
      const latest = await firstProfiles(pagesOf(repository), { after: idOf(998), limit: 1 });
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
        expectPermanentOnce(await walk(pagesOf(repository), 4, { between }));
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
