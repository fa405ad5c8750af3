import type { IndexEntry } from '../../src/model/documents.js';
import type { ErasureTarget, Lineage } from '../../src/storage/erasure.js';
import type { ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseContext, ClauseGroup } from '../clause.js';
import { ERASED_AT, erase, erasureOf, expectErased, lineageOf } from '../erasures.js';
import {
  commit,
  commitAll,
  commitSchemaVersion,
  expectCommitted,
  expectConflict,
  expectEqual,
  expectHolders,
  expectMissing,
  loadProfile,
} from '../expectations.js';
import {
  ANNA,
  BERT,
  BYSTANDER,
  CARL,
  CREATED_AT,
  city,
  creation,
  DELETED_AT,
  deletion,
  email,
  indexing,
  RECREATED_AT,
  TENANT,
  update,
} from '../sample-changes.js';
import { allStates, pruneAll } from '../states.js';
import { stateOf } from '../tenant-state.js';
import { mutateDeep } from './mutate-deep.js';

const THIRD = '3';
/** Of a key that no caller names when it erases. */
const forgotten: IndexEntry = { key: 'idForgotten', digest: email('forgotten').digest, unique: false };
const ENTRIES = [email(ANNA), email(BERT), city('Ulm'), forgotten];
const content = { segment: 'gold', residual: { attributes: { Old: 'value' } } };
const afterErasure = 'erasure-1';
/** By whom and why, as {@link erasureOf} has it. */
const metadata = { operation: 'erase', actor: 'an eraser', reason: 'a request' };

/** Removing all that is kept of a customer id, if the capability is declared. */
export const erasureClauses: ClauseGroup = (clause, options) => {
  if (!options.capabilities?.erasure) return;
  const history = options.capabilities.history ?? false;
  const keeping = { history };

  /** Anna with all kinds of content, three entries and, where history is kept, two states. Bert with an entry, deleted. */
  async function seed(repository: ProfileRepository, tenantId: string = TENANT): Promise<void> {
    const place = { ...keeping, tenantId };
    const addEntries = [email(ANNA), city('Ulm')];
    await expectCommitted(repository, [creation(ANNA, { ...content, addEntries })], place);
    await expectCommitted(repository, [indexing(ANNA, 1, [forgotten]), creation(BERT)], place);
    await expectCommitted(repository, [update(ANNA, 1, content), update(BERT, 1)], place);
  }
  /** What of it an erasure of Anna and Bert removes. */
  const states = history ? 1 : 0;

  clause('erasure/nothing-left', 'nothing is left but a deletion with the next revision', async (context) => {
    const { repository, secondConnection } = context;
    await seed(repository);
    await expectErased(repository, await erasureOf(repository, [ANNA]), { profiles: 1, states, entries: 3 });
    for (const connection of [repository, secondConnection]) {
      await expectMissing(connection, ANNA);
      const { profiles, holders } = await stateOf(connection, TENANT, ENTRIES);
      expectEqual(profiles, [await loadProfile(connection, BERT)], 'the profiles of page');
      expectEqual(holders, [[], [], [], []], 'the holders of its entries');
    }
    const kept = { customerId: ANNA, revision: 3, createdAt: CREATED_AT, updatedAt: ERASED_AT, exists: false };
    expectEqual(withoutReceipt(await lineageOf(repository, ANNA)), { ...kept, merged: [] }, 'the lineage');
    await commitAll(repository, update(BERT, 2, { addEntries: ENTRIES }));
    if (!history) return;
    const erased = { customerId: ANNA, revision: 3, at: ERASED_AT, metadata };
    expectEqual(await allStates(repository, ANNA), [erased], 'the states');
  });

  clause('erasure/counts', 'counts what it removes, of all its targets', async ({ repository }) => {
    await seed(repository);
    await commitAll(repository, update(BERT, 2, { addEntries: [email(BERT)] }), creation(CARL));
    if (history) await expectCommitted(repository, [deletion(BERT, 3, { removeEntries: [email(BERT)] })], keeping);
    const request = await erasureOf(repository, [BERT, ANNA]);
    const removed = history ? { profiles: 1, states: 3, entries: 3 } : { profiles: 2, states: 0, entries: 4 };
    await expectErased(repository, request, removed);
    const again = await erasureOf(repository, [BERT, ANNA], { erasure: 'erasure-2' });
    await expectErased(repository, again, { profiles: 0, states: 0, entries: 0 });
  });

  clause('erasure/receipt', 'the receipt is kept with what was removed, for each of its ids', async (context) => {
    const { repository, secondConnection } = context;
    await seed(repository);
    const request = await erasureOf(repository, [ANNA, BERT]);
    const receipt = { ...request.receipt, heldBy: CARL };
    const removed = { profiles: 2, states: 2 * states, entries: 3 };
    await expectErased(repository, { ...request, receipt }, removed);
    for (const id of [ANNA, BERT]) {
      expectEqual((await lineageOf(secondConnection, id))?.receipt, { ...receipt, removed }, `the receipt of ${id}`);
    }
  });

  clause('erasure/dry-run', 'a dry run counts the same, and changes nothing', async ({ repository }) => {
    await seed(repository);
    const before = await allOf(repository, history);
    const request = await erasureOf(repository, [ANNA, BERT]);
    const removed = { profiles: 2, states: 2 * states, entries: 3 };
    await expectErased(repository, { ...request, dryRun: true }, removed);
    expectEqual(await allOf(repository, history), before, 'the state after the dry run');
    await expectErased(repository, request, removed);
  });

  clause('erasure/all-or-nothing', 'a target that is not what it must be refuses all of it', async ({ repository }) => {
    await seed(repository);
    if (history) await expectCommitted(repository, [deletion(BERT, 2)], keeping);
    const before = await allOf(repository, history);
    const request = await erasureOf(repository, [ANNA, BERT]);
    const [anna, bert] = request.targets as readonly [ErasureTarget, ErasureTarget];
    for (const targets of [
      [anna, { ...bert, expectedRevision: bert.expectedRevision + 1 }],
      [{ ...anna, expectedRevision: 1 }, bert],
      [anna, { ...bert, createdAt: RECREATED_AT }],
      [{ ...anna, exists: false }, bert],
      [anna, { ...bert, exists: !bert.exists }],
      [anna, { ...bert, customerId: 'nobody' }],
    ]) {
      const refused = await erase(repository, { ...request, targets });
      expectEqual(refused, { outcome: 'changed' }, 'the result of erase');
      expectEqual(await allOf(repository, history), before, 'the state after the refused erasure');
    }
  });

  clause(
    'erasure/refuses',
    'a creation under an erased id is refused, unless it names the erasure',
    async (context) => {
      const { repository } = context;
      await seed(repository);
      await erase(repository, await erasureOf(repository, [ANNA]));
      const refused = { outcome: 'erased', index: 0 } as const;
      const anew = { at: RECREATED_AT, addEntries: [email(ANNA)] };
      for (const place of [{ history: false }, keeping]) {
        for (const named of [undefined, 'erasure-2', ANNA]) {
          const again = creation(ANNA, { ...anew, afterErasure: named });
          await expectConflict(repository, [again], refused, place);
          await expectConflict(repository, [creation(CARL), again], { ...refused, index: 1 }, place);
        }
      }
      await expectMissing(repository, CARL);
      // In the order of precedence: the schema, the first change, its id before its entries.
      const another = creation(ANNA, { schemaVersion: 2 });
      await expectConflict(repository, [another], { outcome: 'schema_changed', schemaVersion: 1 });
      const stale = update(BERT, 1);
      await expectConflict(repository, [creation(ANNA), stale], refused);
      await commitAll(repository, update(BERT, 2, { addEntries: [email(ANNA)] }));
      await expectConflict(repository, [creation(ANNA, anew)], refused);
      const missing = { outcome: 'revision_changed', index: 0 } as const;
      await expectConflict(repository, [update(ANNA, 3)], missing);
      await expectConflict(repository, [deletion(ANNA, 3)], missing);
    },
  );

  clause('erasure/recreated', 'a creation that names the erasure goes on, and ends it', async ({ repository }) => {
    await seed(repository);
    await erase(repository, await erasureOf(repository, [ANNA, BERT]));
    const anew = creation(ANNA, { at: DELETED_AT, afterErasure, addEntries: [email(ANNA)], extensions: {} });
    await expectCommitted(repository, [anew], { ...keeping, revisions: [4] });
    const { attributes, extensions } = anew;
    // The times of an id never decrease.
    const times = { createdAt: DELETED_AT, updatedAt: ERASED_AT };
    const expected = { customerId: ANNA, revision: 4, attributes, extensions, ...times };
    expectEqual(await loadProfile(repository, ANNA), expected, 'the recreated profile');
    for (const entry of ENTRIES)
      await expectHolders(repository, entry, entry.digest === email(ANNA).digest ? [ANNA] : []);
    const { exists, receipt } = (await lineageOf(repository, ANNA)) ?? {};
    expectEqual([exists, receipt], [true, undefined], 'what is kept of the id');
    const remaining = (await lineageOf(repository, BERT))?.receipt?.erasure;
    expectEqual(remaining, afterErasure, 'the erasure of the other id');
    await expectConflict(repository, [creation(ANNA)], { outcome: 'id_taken', index: 0 });
    if (!history) return;
    const [present, former, ...others] = await allStates(repository, ANNA);
    const erased = { customerId: ANNA, revision: 3, at: ERASED_AT, metadata };
    expectEqual([present?.revision, former, others], [4, erased, []], 'the states');
    const again = { createdAt: DELETED_AT, removeEntries: [email(ANNA)], at: ERASED_AT };
    await expectCommitted(repository, [deletion(ANNA, 4, again)], keeping);
    await expectCommitted(repository, [creation(ANNA)], { ...keeping, revisions: [6] });
  });

  clause('erasure/aliasing', 'what is mutated during or after the call counts as it was', async ({ repository }) => {
    await seed(repository);
    const request = await erasureOf(repository, [ANNA, BERT]);
    const { receipt } = structuredClone(request);
    const erasing = erase(repository, request);
    mutateDeep(request);
    const removed = { profiles: 2, states: 2 * states, entries: 3 };
    expectEqual(await erasing, { outcome: 'erased', removed }, 'the result of erase');
    mutateDeep(await lineageOf(repository, ANNA));
    expectEqual((await lineageOf(repository, ANNA))?.receipt, { ...receipt, removed }, 'the receipt');
  });

  clause('erasure/tenants', 'each tenant has its own erasures and merges', async ({ repository }) => {
    for (const id of [ANNA, CARL]) {
      expectEqual(await lineageOf(repository, id), undefined, 'what is kept of an id of the other tenant');
    }
    await commitSchemaVersion(repository, 1, THIRD);
    await seed(repository);
    await seed(repository, THIRD);
    if (history) {
      await expectCommitted(repository, [mergedAway(BERT, 2, ANNA)], { ...keeping, tenantId: THIRD });
      expectEqual((await lineageOf(repository, ANNA))?.merged, [], 'what was merged in another tenant');
    }
    await erase(repository, await erasureOf(repository, [ANNA]));
    const { exists, receipt } = (await lineageOf(repository, ANNA, THIRD)) ?? {};
    expectEqual([exists, receipt], [true, undefined], 'what is kept in the third tenant');
    await expectHolders(repository, forgotten, [ANNA], THIRD);
    const request = await erasureOf(repository, [ANNA], { tenantId: THIRD, erasure: 'erasure-3' });
    await expectErased(repository, request, { profiles: 1, states, entries: 3 }, THIRD);
    expectEqual((await lineageOf(repository, ANNA))?.receipt?.erasure, afterErasure, 'its own erasure');
    const named = creation(ANNA, { afterErasure });
    const refused = { outcome: 'erased', index: 0 } as const;
    expectEqual(await commit(repository, [named], { tenantId: THIRD }), refused, 'a creation in the third tenant');
    // The same id of an erasure in another tenant is another erasure.
    const other = await erasureOf(repository, [BERT], { tenantId: THIRD });
    await erase(repository, { ...other, receipt: { ...other.receipt, reason: 'another' } }, THIRD);
    const reasons = [await lineageOf(repository, ANNA), await lineageOf(repository, BERT, THIRD)];
    expectEqual(
      reasons.map((lineage) => lineage?.receipt?.reason),
      ['a request', 'another'],
      'the reasons of both',
    );
    expectEqual((await lineageOf(repository, ANNA, BYSTANDER))?.exists, true, 'the id in the bystander tenant');
  });

  if (!history) return;

  clause('erasure/lineage', 'tells what was merged into a profile, and where to', async (context) => {
    const { repository, secondConnection } = context;
    await expectCommitted(repository, [creation(ANNA), creation(BERT), creation(CARL), creation('dora')], keeping);
    await expectCommitted(repository, [mergedAway(BERT, 1, ANNA), mergedAway(CARL, 1, BERT)], keeping);
    const unrelated = { operation: 'delete', counterpart: ANNA } as const;
    await expectCommitted(repository, [deletion('dora', 1, { metadata: unrelated })], keeping);
    const destination = { operation: 'merge', counterpart: BERT } as const;
    await expectCommitted(repository, [update(ANNA, 1, { metadata: destination })], keeping);
    const times = { createdAt: CREATED_AT, updatedAt: DELETED_AT };
    const merge = (customerId: string) => ({ customerId, revision: 2, at: DELETED_AT });
    for (const connection of [repository, secondConnection]) {
      expectEqual(
        [await lineageOf(connection, ANNA), await lineageOf(connection, BERT), await lineageOf(connection, 'nobody')],
        [
          {
            customerId: ANNA,
            revision: 2,
            ...times,
            updatedAt: update(ANNA, 1).at,
            exists: true,
            merged: [merge(BERT)],
          },
          { customerId: BERT, revision: 2, ...times, exists: false, mergedInto: ANNA, merged: [merge(CARL)] },
          undefined,
        ],
        'what is kept',
      );
    }
    await pruneAll(repository, { keep: 0 });
    expectEqual(
      (await lineageOf(repository, ANNA))?.merged,
      [merge(BERT)],
      'what was merged, where nothing else is kept',
    );
    await erase(repository, await erasureOf(repository, [BERT]));
    const erased = { customerId: BERT, revision: 3, createdAt: CREATED_AT, updatedAt: ERASED_AT, exists: false };
    expectEqual(
      withoutReceipt(await lineageOf(repository, BERT)),
      { ...erased, merged: [merge(CARL)] },
      'an erased id',
    );
    expectEqual((await lineageOf(repository, ANNA))?.merged, [], 'what was merged, after its erasure');
  });

  for (const operation of ['create', 'import', 'unmerge', 'restore'] as const) {
    const isBack = operation === 'unmerge' || operation === 'restore';
    clause('erasure/lineage', `what was merged away and came back by ${operation}`, async ({ repository }) => {
      await expectCommitted(repository, [creation(ANNA), creation(BERT)], keeping);
      await expectCommitted(repository, [mergedAway(BERT, 1, ANNA)], keeping);
      const back = creation(BERT, { metadata: { operation, counterpart: ANNA }, at: RECREATED_AT });
      await expectCommitted(repository, [back], { ...keeping, revisions: [3] });
      const expected = isBack ? [] : [{ customerId: BERT, revision: 2, at: DELETED_AT }];
      expectEqual((await lineageOf(repository, ANNA))?.merged, expected, 'what was merged');
      await expectCommitted(repository, [update(BERT, 3, { createdAt: RECREATED_AT, at: ERASED_AT })], keeping);
      expectEqual((await lineageOf(repository, ANNA))?.merged, expected, 'what was merged, after a change');
    });
  }

  clause(
    'erasure/former-states',
    'removes former states up to a revision, and leaves the id',
    async ({ repository }) => {
      await seed(repository);
      await expectCommitted(repository, [creation(CARL, { addEntries: [city('Ulm')] })], keeping);
      for (const revision of [1, 2, 3]) await expectCommitted(repository, [update(CARL, revision)], keeping);
      const before = await allStates(repository, CARL);
      const formerStates = [{ customerId: CARL, through: 2 }];
      const request = await erasureOf(repository, [ANNA], { formerStates });
      const removed = { profiles: 1, states: 3, entries: 3 };
      await expectErased(repository, { ...request, dryRun: true }, removed);
      expectEqual(await allStates(repository, CARL), before, 'the states after a dry run');
      await expectErased(repository, request, removed);
      expectEqual(await allStates(repository, CARL), before.slice(0, 2), 'the states');
      await expectHolders(repository, city('Ulm'), [CARL]);
      expectEqual((await lineageOf(repository, CARL))?.receipt, undefined, 'the receipt of an id that stays');
    },
  );
};

function mergedAway(customerId: string, revision: number, destination: string) {
  return deletion(customerId, revision, { metadata: { operation: 'merge', counterpart: destination } });
}

function withoutReceipt(lineage: Lineage | undefined): unknown {
  return lineage && { ...lineage, receipt: undefined };
}

/** Everything that the port can read of Anna and Bert. */
async function allOf(repository: ClauseContext['repository'], history: boolean): Promise<unknown> {
  const ids = [ANNA, BERT];
  const kept: unknown[] = [];
  for (const id of ids) {
    kept.push(await lineageOf(repository, id), history ? await allStates(repository, id) : []);
  }
  return [await stateOf(repository, TENANT, ENTRIES), kept];
}
