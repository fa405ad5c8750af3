import type { StoredLine } from '../../src/storage/change-lines.js';
import type { ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { ERASED_AT, erase, erasureOf, lineageOf } from '../erasures.js';
import { expectCommitted, expectEqual } from '../expectations.js';
import { allLines, FEED, feedAll } from '../feed.js';
import { ANNA, BERT, CREATED_AT, creation, deletion, TENANT, update } from '../sample-changes.js';

const LINE = { origin: 'crm', changed: ['/Name', '/Phone'] };
const BY_ANN = { actor: 'ann', reason: 'because' };

/** What an erasure leaves of the lines of a feed (C1, E1), if both capabilities are declared. */
export const erasureLineClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.erasure || !options.capabilities.changes) return;

  /** Three lines of Anna, whose profile was merged into Bert's, and two of Bert. */
  async function seed(repository: ProfileRepository): Promise<StoredLine[]> {
    await feedAll(repository, creation(ANNA, { line: LINE }), creation(BERT, { line: LINE }));
    await feedAll(repository, update(ANNA, 1, { metadata: { operation: 'patch', ...BY_ANN }, line: LINE }));
    const metadata = { operation: 'merge', ...BY_ANN } as const;
    await feedAll(
      repository,
      update(BERT, 1, { metadata: { ...metadata, counterpart: ANNA }, line: LINE }),
      deletion(ANNA, 2, { metadata: { ...metadata, counterpart: BERT }, line: LINE }),
    );
    return allLines(repository);
  }

  clause('erasure/lines', 'lines of an erased id keep place, revision, time and operation', async (context) => {
    const { repository, secondConnection } = context;
    const before = await seed(repository);
    await erase(repository, await erasureOf(repository, [ANNA]));
    const redacted = before.map((line) => (line.customerId === ANNA ? withoutDetails(line) : line));
    for (const connection of [repository, secondConnection]) {
      expectEqual(await allLines(connection), redacted, 'the lines');
    }
  });

  clause('erasure/lines', 'lines that nobody has read yet are no exception', async ({ repository }) => {
    await feedAll(repository, creation(ANNA, { metadata: { operation: 'create', ...BY_ANN }, line: LINE }));
    await erase(repository, await erasureOf(repository, [ANNA]));
    const anna = { tenantId: TENANT, position: 1, customerId: ANNA, revision: 1, at: CREATED_AT, deleted: false };
    expectEqual(await allLines(repository), [{ ...anna, metadata: { operation: 'create' } }], 'the lines');
  });

  clause('erasure/lines', 'of an id that stays, lines keep what is beyond the revision', async ({ repository }) => {
    const before = await seed(repository);
    const changes = [creation(ANNA, { line: LINE }), update(BERT, 2, { line: LINE })];
    await expectCommitted(repository, changes, { ...FEED, revisions: [4, 3] });
    const since = (await allLines(repository)).slice(before.length);
    const request = await erasureOf(repository, [BERT], { formerStates: [{ customerId: ANNA, through: 3 }] });
    await erase(repository, request);
    const left = [
      ...before.map(withoutDetails),
      ...since.map((line) => (isOf(BERT, line) ? withoutDetails(line) : line)),
    ];
    expectEqual(await allLines(repository), left, 'the lines');
  });

  clause('erasure/lines', 'a dry run leaves them as they are', async ({ repository }) => {
    const before = await seed(repository);
    const details = { dryRun: true, line: { origin: 'crm' } };
    await erase(repository, await erasureOf(repository, [ANNA, BERT], details));
    expectEqual(await allLines(repository), before, 'the lines');
  });

  clause('erasure/lines', 'so does an erasure that is refused', async ({ repository }) => {
    const before = await seed(repository);
    const request = await erasureOf(repository, [ANNA, BERT], { line: {} });
    const targets = request.targets.map((target) => (isOf(BERT, target) ? { ...target, expectedRevision: 7 } : target));
    expectEqual(await erase(repository, { ...request, targets }), { outcome: 'changed' }, 'the result of erase');
    expectEqual(await allLines(repository), before, 'the lines');
  });

  clause('erasure/leaves-lines', 'an erasure leaves a line for each id, if asked for', async ({ repository }) => {
    const before = await seed(repository);
    await erase(repository, await erasureOf(repository, [ANNA, BERT], { line: { origin: 'privacy desk' } }));
    const details = { tenantId: TENANT, at: ERASED_AT, deleted: true, origin: 'privacy desk' };
    const metadata = { operation: 'erase', actor: 'an eraser', reason: 'a request' };
    const lines = (await allLines(repository)).slice(before.length);
    expectEqual(
      lines.map(({ position: _, ...line }) => line).sort((one, other) => one.revision - other.revision),
      [
        { ...details, customerId: BERT, revision: 3, metadata },
        { ...details, customerId: ANNA, revision: 4, metadata },
      ],
      'the lines of the erasure',
    );
    expectEqual((await lineageOf(repository, ANNA))?.revision, 4, 'the revision of the erased id');
  });
};

function isOf(customerId: string, one: { readonly customerId: string }): boolean {
  return one.customerId === customerId;
}

function withoutDetails({ origin: _, changed: __, metadata: { operation }, ...line }: StoredLine): StoredLine {
  return { ...line, metadata: { operation } };
}
