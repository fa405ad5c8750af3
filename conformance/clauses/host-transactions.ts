import assert from 'node:assert';
import type { ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseContext, ClauseGroup } from '../clause.js';
import {
  commitAll,
  commitSchemaVersion,
  expectHolders,
  expectMissing,
  expectObstacle,
  expectOneWinner,
  expectSame,
  loadProfile,
} from '../expectations.js';
import { settled } from '../racing.js';
import { ANNA, BERT, CARL, city, creation, deletion, email, sampleSchema, TENANT, update } from '../sample-changes.js';
import { stateOf, type TenantState } from '../stored-state.js';

const ENTRIES = [email(ANNA), email(BERT), city('Ulm')];

/** A repository bound to a transaction of the host, for those that declare it. */
export const hostTransactionClauses: ClauseGroup = (clause, options) => {
  const declared = options.capabilities?.hostTransactions ?? false;
  clause('transaction/declared', 'host transactions are given as declared', async ({ harness }) => {
    const given = harness.transaction !== undefined;
    assert.strictEqual(
      given,
      declared,
      'capabilities.hostTransactions is to tell whether there is harness.transaction',
    );
  });
  if (!declared) return;

  clause('transaction/rollback', 'what the host rolls back never was', async (context) => {
    const { repository } = context;
    await settle(repository);
    const before = await stateOf(repository, TENANT, ENTRIES);
    await transact(context, async (bound) => {
      await commitAll(bound, update(ANNA, 1, { extensions: {}, removeEntries: [email(ANNA)] }));
      await commitAll(bound, deletion(BERT, 1, { removeEntries: [email(BERT)] }));
      await commitAll(bound, creation(CARL, { addEntries: [email(ANNA), city('Ulm')] }));
      expectSame(await bound.dropEntries(TENANT, 'idCity', 10), 2, 'the number of dropped entries');
      await commitSchemaVersion(bound, 2);
      await commitSchemaVersion(bound, 1, '3');
      await commitAll(bound, creation(ANNA, { tenantId: '3' }));
      // Whoever keeps what he has read or written must forget it with the transaction.
      await stateOf(bound, TENANT, ENTRIES);
      await loadProfile(bound, ANNA);
      return 'rollback';
    });
    expectSame(await stateOf(repository, TENANT, ENTRIES), before, 'the state after the rollback');
    const nothing = { schema: undefined, profiles: [], holders: [] };
    expectSame(await stateOf(repository, '3'), nothing, 'the tenant that began in the transaction');
    const moved = { outcome: 'schema_moved', schemaVersion: 1 } as const;
    await expectObstacle(repository, [creation(CARL, { schemaVersion: 2 })], moved);
    await expectObstacle(repository, [creation(CARL, { tenantId: '3' })], { outcome: 'schema_moved' });
    const attributes = { Name: 'after the rollback' };
    await commitAll(repository, update(ANNA, 1, { attributes }), creation(CARL));
    const { revision, attributes: kept, extensions } = await loadProfile(repository, ANNA);
    const expected = { revision: 2, attributes, extensions: creation(ANNA).extensions };
    expectSame({ revision, attributes: kept, extensions }, expected, 'the profile that has the revision anew');
  });

  clause('transaction/commit', 'each reading sees what the transaction has done so far', async (context) => {
    const { repository } = context;
    await settle(repository);
    let inside: TenantState | undefined;
    await transact(context, async (bound) => {
      await commitAll(
        bound,
        update(ANNA, 1, { segment: 'silver', removeEntries: [email(ANNA)] }),
        deletion(BERT, 1, { removeEntries: [email(BERT)] }),
        creation(CARL, { addEntries: [email(ANNA)] }),
      );
      await bound.dropEntries(TENANT, 'idCity', 10);
      await commitSchemaVersion(bound, 2);
      inside = await stateOf(bound, TENANT, ENTRIES);
      const { revision } = await loadProfile(bound, ANNA);
      const revisions = inside.profiles.map((profile) => [profile.customerId, profile.revision]);
      expectSame(
        [revision, revisions],
        [
          2,
          [
            [ANNA, 2],
            [CARL, 1],
          ],
        ],
        'the revisions inside the transaction',
      );
      expectSame(inside.holders, [[CARL], [], []], 'the profiles that are found inside the transaction');
      expectSame(inside.schema?.version, 2, 'the version of the schema inside the transaction');
      await bound.ping();
      return 'commit';
    });
    expectSame(await stateOf(repository, TENANT, ENTRIES), inside, 'the state after the commit');
  });

  clause('transaction/commit', 'what the host commits stays, and is seen inside before', async (context) => {
    const { repository } = context;
    await settle(repository);
    await transact(context, async (bound) => {
      await commitAll(bound, update(ANNA, 1, { addEntries: [city('Bonn')] }), creation(CARL));
      expectSame((await loadProfile(bound, ANNA)).revision, 2, 'the revision inside the transaction');
      await expectHolders(bound, city('Bonn'), [ANNA]);
      return 'commit';
    });
    expectSame((await loadProfile(repository, ANNA)).revision, 2, 'the revision after the commit');
    await expectHolders(repository, city('Bonn'), [ANNA]);
    await loadProfile(repository, CARL);
  });

  clause('transaction/obstacles', 'a transaction outlives every obstacle', async (context) => {
    const { repository } = context;
    await settle(repository);
    await transact(context, async (bound) => {
      await commitAll(bound, update(BERT, 1), creation('dora', { addEntries: [city('Bonn')] }));
      const refused = update(ANNA, 1, { attributes: { Name: 'refused' }, removeEntries: [email(ANNA)] });
      await expectObstacle(bound, [refused, creation(BERT)], { outcome: 'id_taken', index: 1 });
      const moved = { outcome: 'revision_moved', index: 1, revision: 2 } as const;
      await expectObstacle(bound, [refused, update(BERT, 7)], moved);
      const taken = { outcome: 'entry_taken', index: 1, key: 'idEmail' } as const;
      await expectObstacle(bound, [refused, creation(CARL, { addEntries: [email(BERT)] })], taken);
      const schemaMoved = { outcome: 'schema_moved', schemaVersion: 1 } as const;
      await expectObstacle(bound, [refused, creation(CARL, { schemaVersion: 2 })], schemaMoved);
      const refusedSchema = { tenantId: TENANT, expectedVersion: 0, schema: sampleSchema('refused') };
      expectSame(await bound.commitSchema(refusedSchema), schemaMoved, 'the answer to the schema change');
      await commitAll(bound, update(BERT, 2));
      return 'commit';
    });
    expectSame(
      (await loadProfile(repository, ANNA)).revision,
      1,
      'the revision of the profile whose changes were refused',
    );
    await expectHolders(repository, email(ANNA), [ANNA]);
    expectSame((await loadProfile(repository, BERT)).revision, 3, 'the revision of the profile that was changed');
    await expectHolders(repository, city('Bonn'), ['dora']);
    await expectMissing(repository, CARL);
  });

  clause('transaction/together', 'of commits that are begun at once each takes place or not', async (context) => {
    const { repository } = context;
    await settle(repository);
    const idOf = (racer: number) => `racer-${racer}`;
    await transact(context, async (bound) => {
      const good = (racer: number) => creation(idOf(racer), { addEntries: [city('Bonn')] });
      const results = await settled(
        Array.from({ length: 8 }, (_, racer) =>
          bound.commit(racer % 2 === 0 ? [good(racer)] : [good(racer), update(ANNA, 9)]),
        ),
      );
      const refused = { outcome: 'revision_moved', index: 1, revision: 1 };
      expectSame(
        results,
        results.map((_, racer) => (racer % 2 === 0 ? { outcome: 'committed' } : refused)),
        'the answers',
      );
      return 'commit';
    });
    await expectHolders(repository, city('Bonn'), [0, 2, 4, 6].map(idOf));
  });

  for (const [what, contested, answer] of [
    ['one revision', () => update(ANNA, 1), { outcome: 'revision_moved', index: 0, revision: 2 }],
    ['one id', () => creation(CARL), { outcome: 'id_taken', index: 0 }],
    [
      'one entry',
      (racer: number) => creation(`racer-${racer}`, { addEntries: [email(CARL)] }),
      { outcome: 'entry_taken', index: 0, key: 'idEmail' },
    ],
  ] as const) {
    clause('transaction/together', `of commits for ${what} that are begun at once one wins`, async (context) => {
      await settle(context.repository);
      await transact(context, async (bound) => {
        const results = await settled(Array.from({ length: 8 }, (_, racer) => bound.commit([contested(racer)])));
        expectOneWinner(results, answer);
        return 'commit';
      });
    });
  }

  for (const [obstacle, contested, answer] of [
    ['an id', creation(BERT), { outcome: 'id_taken', index: 1 }],
    ['an entry', creation('dora', { addEntries: [email(BERT)] }), { outcome: 'entry_taken', index: 1, key: 'idEmail' }],
  ] as const) {
    clause(
      'transaction/racing',
      `${obstacle} that another has just taken is answered, and takes nothing along`,
      async (context) => {
        const { repository } = context;
        await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA), city('Ulm')] }));
        const before = await stateOf(repository, TENANT, ENTRIES);
        let second: Promise<void> | undefined;
        await transact(context, async (first) => {
          await commitAll(first, creation(BERT, { addEntries: [email(BERT)] }));
          second = transact(context, async (bound) => {
            const moved = update(ANNA, 1, { removeEntries: [email(ANNA)], addEntries: [city('Bonn')] });
            await expectObstacle(bound, [moved, contested], answer);
            return 'commit';
          });
          await untilWaiting(second);
          return 'commit';
        });
        await second;
        const { profiles, ...rest } = await stateOf(repository, TENANT, ENTRIES);
        const bert = profiles.filter(({ customerId }) => customerId === BERT);
        expectSame(bert.length, 1, 'the number of profiles that the first transaction created');
        const others = profiles.filter(({ customerId }) => customerId !== BERT);
        expectSame(
          { ...rest, profiles: others },
          { ...before, holders: [[ANNA], [BERT], [ANNA]] },
          'the state afterwards',
        );
      },
    );
  }

  clause('transaction/racing', 'entries that another is dropping are not passed over', async (context) => {
    const { repository } = context;
    await settle(repository);
    let second: Promise<void> | undefined;
    await transact(context, async (first) => {
      expectSame(await first.dropEntries(TENANT, 'idEmail', 10), 2, 'the number of dropped entries');
      second = transact(context, async (bound) => {
        const dropped = await bound.dropEntries(TENANT, 'idEmail', 10);
        expectSame(dropped, 2, 'the number of those dropped after the first transaction was rolled back');
        return 'commit';
      });
      await untilWaiting(second);
      return 'rollback';
    });
    await second;
    await expectHolders(repository, email(ANNA), []);
  });
};

/** Until it waits for another transaction, or has not even begun. What becomes of it is asked later. */
async function untilWaiting(transaction: Promise<void>): Promise<void> {
  await Promise.race([transaction.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 100))]);
}

async function settle(repository: ProfileRepository): Promise<void> {
  const entriesOf = (id: string) => ({ addEntries: [email(id), ...(id === ANNA ? [city('Ulm')] : [])] });
  await commitAll(repository, creation(ANNA, entriesOf(ANNA)), creation(BERT, entriesOf(BERT)));
}

/** A harness that swallows the failure of the work would hide it. */
async function transact(
  { transaction }: ClauseContext,
  work: (bound: ProfileRepository) => Promise<'commit' | 'rollback'>,
): Promise<void> {
  let failure: unknown;
  let ended = false;
  await transaction?.((bound) =>
    work(bound)
      .catch((error: unknown) => {
        failure = error;
        return 'rollback' as const;
      })
      .finally(() => {
        ended = true;
      }),
  );
  if (failure !== undefined) throw failure;
  assert.ok(ended, 'the harness did not run the work in its transaction');
}
