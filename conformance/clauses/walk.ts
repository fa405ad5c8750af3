import type { ProfileRepository, StoredProfile } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, expectSame } from '../expectations.js';
import { race, settled } from '../racing.js';
import { city, creation, deletion, TENANT, update } from '../sample-changes.js';
import { allPages, type FetchPage, foundPages, idsOf, walk } from '../stored-state.js';
import { hostileCustomerIds } from './hostile-values.js';

const ENTRY = city('Ulm');
const addEntries = [ENTRY];

/** The two ways of walking through profiles. All profiles of these clauses have the entry, so that both answer the same. */
const WALKS: Readonly<Record<string, (repository: ProfileRepository) => FetchPage>> = {
  page: (repository) => allPages(repository, TENANT),
  find: (repository) => foundPages(repository, TENANT, ENTRY),
};

/** In byte order; a locale, or a comparison without case, would order them otherwise. */
const IN_BYTE_ORDER = '- -a . 0 00 1 10 2 A B Z _ a aB ab b z ~ ~~'.split(' ');
const HOSTILE_IN_BYTE_ORDER = [...hostileCustomerIds].sort();

const idOf = (number: number) => `p${String(number).padStart(4, '0')}`;
const NUMBERED = Array.from({ length: 1001 }, (_, number) => idOf(number));
const STAYING = NUMBERED.filter((_, number) => number % 10 === 0).slice(0, 30);

/** `page`, and `find` for an entry of many: what they answer in which order, also while others write. */
export const walkClauses: ClauseGroup = (clause) => {
  for (const [method, pagesOf] of Object.entries(WALKS)) {
    clause(`${method}/order`, 'profiles come in byte order of their ids', async ({ repository }) => {
      const shuffled = [...IN_BYTE_ORDER].sort((a, b) => a.length - b.length || (a < b ? 1 : -1));
      for (const id of shuffled) await commitAll(repository, creation(id, { addEntries }));
      for (const limit of [1000, IN_BYTE_ORDER.length, 7, 1]) {
        expectSame(idsOf(await walk(pagesOf(repository), limit)), IN_BYTE_ORDER, `the pages of ${limit}`);
      }
    });

    clause(`${method}/order`, 'profiles of all kinds of ids come one by one', async ({ repository }) => {
      await commitAll(repository, ...hostileCustomerIds.map((id) => creation(id, { addEntries })));
      expectSame(idsOf(await walk(pagesOf(repository), 1)), HOSTILE_IN_BYTE_ORDER, 'the pages of 1');
    });

    clause(`${method}/after`, 'a page begins after the id, whether that exists or not', async ({ repository }) => {
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
        expectSame(idsOf(page), expected, `the page after ${after}`);
      }
    });

    clause(`${method}/many`, 'a walk over many profiles loses and repeats none', async ({ repository }) => {
      for (let from = 0; from < NUMBERED.length; from += 143) {
        const ids = NUMBERED.slice(from, from + 143);
        await commitAll(repository, ...ids.map((id) => creation(id, { extensions: {}, addEntries })));
      }
      const largest = await pagesOf(repository)({ limit: 1000 });
      expectSame(idsOf(largest), NUMBERED.slice(0, 1000), 'the largest page');
      const latest = await pagesOf(repository)({ after: idOf(998), limit: 1 });
      expectSame(idsOf(latest), [idOf(999)], 'a page of one after many');
      expectSame(idsOf(await walk(pagesOf(repository), 99)), NUMBERED, 'the pages of 99');
    });

    clause(`${method}/stable`, 'who stays during a walk is answered once, whatever is written', async (context) => {
      const { repository, rival } = context;
      await commitAll(repository, ...STAYING.map((id) => creation(id, { addEntries })));
      let round = 0;
      const between = async (page: readonly StoredProfile[]) => {
        round++;
        const last = page.at(-1)?.customerId;
        const [behind, next, ahead] = [`a${round}`, `${last}.a`, `${last}.b`];
        await commitAll(rival, ...[behind, next, ahead].map((id) => creation(id, { addEntries })));
        await commitAll(rival, update(STAYING[0] ?? '', round), update(STAYING.at(-1) ?? '', round));
        await commitAll(rival, ...[behind, next].map((id) => deletion(id, 1, { removeEntries: addEntries })));
      };
      expectStayingOnce(await walk(pagesOf(repository), 4, between));
    });

    clause(`${method}/racing`, 'who stays is answered once, also while others come and go', async (context) => {
      const { repository, rival } = context;
      await commitAll(repository, ...STAYING.map((id) => creation(id, { addEntries })));
      const writing = race(context, 4, async (connection, racer) => {
        for (let number = 0; number < 10; number++) {
          const id = idOf(number * 20 + racer + 1);
          await commitAll(connection, creation(id, { addEntries }));
          if (racer % 2 === 0) await commitAll(connection, deletion(id, 1, { removeEntries: addEntries }));
        }
      });
      const walking = Promise.all(Array.from({ length: 5 }, () => walk(pagesOf(rival), 3)));
      await settled<unknown>([writing, walking]);
      for (const walked of await walking) expectStayingOnce(walked);
    });
  }
};

function expectStayingOnce(walked: readonly StoredProfile[]): void {
  const ids = idsOf(walked);
  const staying = ids.filter((id) => STAYING.includes(id));
  expectSame(staying, STAYING, 'the profiles that stayed');
  expectSame(ids, [...new Set(ids)].sort(), 'the walk, against itself in order and without repeats');
}
