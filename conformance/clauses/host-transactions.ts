import assert from 'node:assert';
import type { ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseContext, ClauseGroup, DeclareClause } from '../clause.js';
import { awaitAll } from '../concurrency.js';
import { erasureOf, expectErased, lineageOf } from '../erasures.js';
import {
  commit,
  commitAll,
  commitSchemaVersion,
  committed,
  expectCommitted,
  expectConflict,
  expectEqual,
  expectHolders,
  expectMissing,
  expectOneWinner,
  keepAll,
  loadProfile,
} from '../expectations.js';
import {
  ANNA,
  BERT,
  CARL,
  city,
  creation,
  DELETED_AT,
  deletion,
  email,
  sampleSchema,
  TENANT,
  update,
} from '../sample-changes.js';
import { allStates, pruneAll, revisionsOf } from '../states.js';
import { stateOf, type TenantState } from '../tenant-state.js';
import { serverModeOf, setServerMode } from './server-mode.js';

const ENTRIES = [email(ANNA), email(BERT), city('Ulm')];

/** A repository bound to a host's transaction, if the capability is declared. */
export const hostTransactionClauses: ClauseGroup = (clause, options) => {
  const declared = options.capabilities?.hostTransactions ?? false;
  clause('transaction/declared', 'host transactions are provided if declared', async ({ harness }) => {
    const given = harness.transaction !== undefined;
    assert.strictEqual(
      given,
      declared,
      '`capabilities.hostTransactions` must be true exactly if the harness has `transaction`',
    );
  });
  if (!declared) return;
  if (options.capabilities?.history) declareHistoryClauses(clause);
  if (options.capabilities?.erasure) declareErasureClauses(clause);
  if (options.capabilities?.serverMode) declareServerModeClause(clause);

  clause('transaction/rollback', 'a rollback undoes everything', async (context) => {
    const { repository } = context;
    await seed(repository);
    const before = await stateOf(repository, TENANT, ENTRIES);
    await transact(context, async (bound) => {
      await commitAll(bound, update(ANNA, 1, { extensions: {}, removeEntries: [email(ANNA)] }));
      await commitAll(bound, deletion(BERT, 1, { removeEntries: [email(BERT)] }));
      await commitAll(bound, creation(CARL, { addEntries: [email(ANNA), city('Ulm')] }));
      expectEqual(await bound.dropEntries(TENANT, 'idCity', 10), 2, 'the number of dropped entries');
      await commitSchemaVersion(bound, 2);
      await commitSchemaVersion(bound, 1, '3');
      await expectCommitted(bound, [creation(ANNA)], { tenantId: '3' });
      // A cache must discard what was read or written inside the transaction.
      await stateOf(bound, TENANT, ENTRIES);
      await loadProfile(bound, ANNA);
      return 'rollback';
    });
    expectEqual(await stateOf(repository, TENANT, ENTRIES), before, 'the state after the rollback');
    const nothing = { schema: undefined, profiles: [], holders: [] };
    expectEqual(await stateOf(repository, '3'), nothing, 'the tenant whose first schema was rolled back');
    const moved = { outcome: 'schema_changed', schemaVersion: 1 } as const;
    await expectConflict(repository, [creation(CARL, { schemaVersion: 2 })], moved);
    await expectConflict(repository, [creation(CARL)], { outcome: 'schema_changed' }, { tenantId: '3' });
    const attributes = { Name: 'after the rollback' };
    await commitAll(repository, update(ANNA, 1, { attributes }), creation(CARL));
    const { revision, attributes: kept, extensions } = await loadProfile(repository, ANNA);
    const expected = { revision: 2, attributes, extensions: creation(ANNA).extensions };
    expectEqual(
      { revision, attributes: kept, extensions },
      expected,
      'the profile after the rolled back revision was written again',
    );
  });

  clause('transaction/commit', 'every read inside sees the uncommitted changes', async (context) => {
    const { repository } = context;
    await seed(repository);
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
      expectEqual(
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
      expectEqual(inside.holders, [[CARL], [], []], 'the holders inside the transaction');
      expectEqual(inside.schema?.version, 2, 'the schema version inside the transaction');
      await bound.ping();
      return 'commit';
    });
    expectEqual(await stateOf(repository, TENANT, ENTRIES), inside, 'the state after the commit');
  });

  clause('transaction/commit', 'changes are visible inside, and remain after the commit', async (context) => {
    const { repository } = context;
    await seed(repository);
    await transact(context, async (bound) => {
      await commitAll(bound, update(ANNA, 1, { addEntries: [city('Bonn')] }), creation(CARL));
      expectEqual((await loadProfile(bound, ANNA)).revision, 2, 'the revision inside the transaction');
      await expectHolders(bound, city('Bonn'), [ANNA]);
      return 'commit';
    });
    expectEqual((await loadProfile(repository, ANNA)).revision, 2, 'the revision after the commit');
    await expectHolders(repository, city('Bonn'), [ANNA]);
    await loadProfile(repository, CARL);
  });

  clause('transaction/conflicts', 'the transaction remains usable after every conflict', async (context) => {
    const { repository } = context;
    await seed(repository);
    await transact(context, async (bound) => {
      await commitAll(bound, update(BERT, 1), creation('dora', { addEntries: [city('Bonn')] }));
      const refused = update(ANNA, 1, { attributes: { Name: 'refused' }, removeEntries: [email(ANNA)] });
      await expectConflict(bound, [refused, creation(BERT)], { outcome: 'id_taken', index: 1 });
      const moved = { outcome: 'revision_changed', index: 1, revision: 2 } as const;
      await expectConflict(bound, [refused, update(BERT, 7)], moved);
      const taken = { outcome: 'entry_taken', index: 1, key: 'idEmail' } as const;
      await expectConflict(bound, [refused, creation(CARL, { addEntries: [email(BERT)] })], taken);
      const schemaMoved = { outcome: 'schema_changed', schemaVersion: 1 } as const;
      await expectConflict(bound, [refused, creation(CARL, { schemaVersion: 2 })], schemaMoved);
      const refusedSchema = { expectedVersion: 0, schema: sampleSchema('refused') };
      expectEqual(await bound.commitSchema(TENANT, refusedSchema), schemaMoved, 'the result of commitSchema');
      await commitAll(bound, update(BERT, 2));
      return 'commit';
    });
    expectEqual(
      (await loadProfile(repository, ANNA)).revision,
      1,
      'the revision of the profile whose updates were refused',
    );
    await expectHolders(repository, email(ANNA), [ANNA]);
    expectEqual((await loadProfile(repository, BERT)).revision, 3, 'the revision of the updated profile');
    await expectHolders(repository, city('Bonn'), ['dora']);
    await expectMissing(repository, CARL);
  });

  clause('transaction/concurrent-commits', 'concurrent commits are each atomic', async (context) => {
    const { repository } = context;
    await seed(repository);
    const idOf = (racer: number) => `racer-${racer}`;
    await transact(context, async (bound) => {
      const good = (racer: number) => creation(idOf(racer), { addEntries: [city('Bonn')] });
      const results = await awaitAll(
        Array.from({ length: 8 }, (_, racer) =>
          commit(bound, racer % 2 === 0 ? [good(racer)] : [good(racer), update(ANNA, 9)]),
        ),
      );
      const refused = { outcome: 'revision_changed', index: 1, revision: 1 };
      expectEqual(
        results,
        results.map((_, racer) => (racer % 2 === 0 ? committed(good(racer)) : refused)),
        'the results',
      );
      return 'commit';
    });
    await expectHolders(repository, city('Bonn'), [0, 2, 4, 6].map(idOf));
  });

  for (const [what, contested, answer] of [
    ['one revision', () => update(ANNA, 1), { outcome: 'revision_changed', index: 0, revision: 2 }],
    ['one id', () => creation(CARL), { outcome: 'id_taken', index: 0 }],
    [
      'one unique entry',
      (racer: number) => creation(`racer-${racer}`, { addEntries: [email(CARL)] }),
      { outcome: 'entry_taken', index: 0, key: 'idEmail' },
    ],
  ] as const) {
    clause('transaction/concurrent-commits', `exactly one of concurrent commits for ${what} wins`, async (context) => {
      await seed(context.repository);
      await transact(context, async (bound) => {
        const results = await awaitAll(Array.from({ length: 8 }, (_, racer) => commit(bound, [contested(racer)])));
        expectOneWinner(results, answer);
        return 'commit';
      });
    });
  }

  for (const [conflict, contested, answer] of [
    ['a customer id', creation(BERT), { outcome: 'id_taken', index: 1 }],
    [
      'a unique entry',
      creation('dora', { addEntries: [email(BERT)] }),
      { outcome: 'entry_taken', index: 1, key: 'idEmail' },
    ],
  ] as const) {
    clause(
      'transaction/racing',
      `${conflict} taken by another transaction is a conflict, and nothing is written`,
      async (context) => {
        const { repository } = context;
        await commitAll(repository, creation(ANNA, { addEntries: [email(ANNA), city('Ulm')] }));
        const before = await stateOf(repository, TENANT, ENTRIES);
        let second: Promise<void> | undefined;
        await transact(context, async (first) => {
          await commitAll(first, creation(BERT, { addEntries: [email(BERT)] }));
          second = transact(context, async (bound) => {
            const moved = update(ANNA, 1, { removeEntries: [email(ANNA)], addEntries: [city('Bonn')] });
            await expectConflict(bound, [moved, contested], answer);
            return 'commit';
          });
          await untilWaiting(second);
          return 'commit';
        });
        await second;
        const { profiles, ...rest } = await stateOf(repository, TENANT, ENTRIES);
        const bert = profiles.filter(({ customerId }) => customerId === BERT);
        expectEqual(bert.length, 1, 'the number of profiles created by the first transaction');
        const others = profiles.filter(({ customerId }) => customerId !== BERT);
        expectEqual(
          { ...rest, profiles: others },
          { ...before, holders: [[ANNA], [BERT], [ANNA]] },
          'the state afterwards',
        );
      },
    );
  }

  clause(
    'transaction/racing',
    'dropEntries waits for entries that another transaction is dropping',
    async (context) => {
      const { repository } = context;
      await seed(repository);
      let second: Promise<void> | undefined;
      await transact(context, async (first) => {
        expectEqual(await first.dropEntries(TENANT, 'idEmail', 10), 2, 'the number of dropped entries');
        second = transact(context, async (bound) => {
          const dropped = await bound.dropEntries(TENANT, 'idEmail', 10);
          expectEqual(dropped, 2, 'the number of entries dropped after the first transaction rolled back');
          return 'commit';
        });
        await untilWaiting(second);
        return 'rollback';
      });
      await second;
      await expectHolders(repository, email(ANNA), []);
    },
  );
};

/** What a transaction keeps and prunes belongs to it. */
function declareServerModeClause(clause: DeclareClause): void {
  clause('transaction/server-mode', 'the mode of the server is stored with the transaction', async (context) => {
    const { repository } = context;
    for (const end of ['rollback', 'commit'] as const) {
      await transact(context, async (bound) => {
        await setServerMode(bound, 'maintenance');
        expectEqual(await serverModeOf(bound), 'maintenance', 'the mode inside the transaction');
        return end;
      });
      const expected = end === 'commit' ? 'maintenance' : undefined;
      expectEqual(await serverModeOf(repository), expected, `the mode after the ${end}`);
    }
  });
}

function declareHistoryClauses(clause: DeclareClause): void {
  const entriesOf = (id: string) => ({ removeEntries: [email(id), city('Ulm')] });
  const states = async (connection: ProfileRepository) => [
    await allStates(connection, ANNA),
    await allStates(connection, BERT),
  ];

  clause('transaction/history-declared', 'a bound repository keeps history as well', async (context) => {
    await transact(context, async (bound) => {
      assert.strictEqual(bound.capabilities?.history, true, 'a bound repository must declare `capabilities.history`');
      for (const method of ['history', 'prune'] as const) {
        assert.strictEqual(typeof bound[method], 'function', `a bound repository must have the method \`${method}\``);
      }
      return 'rollback';
    });
  });

  clause('transaction/history-rollback', 'a rollback keeps no state, and undoes prune', async (context) => {
    const { repository } = context;
    await seed(repository);
    await keepAll(repository, update(ANNA, 1));
    const before = await states(repository);
    await transact(context, async (bound) => {
      await keepAll(bound, update(ANNA, 2), deletion(BERT, 1, entriesOf(BERT)));
      await expectCommitted(bound, [creation(BERT, { at: DELETED_AT })], { history: true, revisions: [3] });
      await keepAll(bound, creation(CARL));
      await keepAll(bound, deletion(CARL, 1));
      expectEqual(await pruneAll(bound, { keep: 0 }), 5, 'the number of states removed inside');
      return 'rollback';
    });
    expectEqual(await states(repository), before, 'the states after the rollback');
    await keepAll(repository, deletion(BERT, 1, entriesOf(BERT)));
    expectEqual(revisionsOf(await allStates(repository, BERT)), [2, 1], 'the revisions after a deletion that stays');
    expectEqual(await allStates(repository, CARL), [], 'the states of an id that was created and deleted inside');
    await keepAll(repository, creation(CARL));
  });

  clause('transaction/history-commit', 'states are visible inside, and remain after the commit', async (context) => {
    const { repository } = context;
    await seed(repository);
    let inside: unknown;
    await transact(context, async (bound) => {
      await keepAll(bound, update(ANNA, 1), deletion(BERT, 1, entriesOf(BERT)));
      await keepAll(bound, update(ANNA, 2));
      const revisions = (await states(bound)).map(revisionsOf);
      expectEqual(
        revisions,
        [
          [3, 2, 1],
          [2, 1],
        ],
        'the revisions inside the transaction',
      );
      expectEqual(await pruneAll(bound, { keep: 1 }), 1, 'the number of states removed inside');
      inside = await states(bound);
      return 'commit';
    });
    expectEqual(await states(repository), inside, 'the states after the commit');
  });

  clause('transaction/history-conflicts', 'a refused commit keeps nothing of its own alone', async (context) => {
    const { repository } = context;
    await seed(repository);
    await transact(context, async (bound) => {
      await keepAll(bound, update(ANNA, 1));
      const refused = [update(ANNA, 2), deletion(BERT, 1, entriesOf(BERT)), update(CARL, 1)];
      await expectConflict(bound, refused, { outcome: 'revision_changed', index: 2 }, { history: true });
      await keepAll(bound, update(BERT, 1));
      return 'commit';
    });
    const revisions = (await states(repository)).map(revisionsOf);
    expectEqual(
      revisions,
      [
        [2, 1],
        [2, 1],
      ],
      'the revisions after the commit',
    );
  });
}

function declareErasureClauses(clause: DeclareClause): void {
  clause('transaction/erasure', 'a rollback undoes an erasure, and a dry run undoes nothing else', async (context) => {
    const { repository } = context;
    await seed(repository);
    const before = await stateOf(repository, TENANT, ENTRIES);
    const inside = async (bound: ProfileRepository) => {
      await commitAll(bound, creation(CARL));
      const request = await erasureOf(bound, [ANNA]);
      const removed = { profiles: 1, states: 0, entries: 2 };
      await expectErased(bound, { ...request, dryRun: true }, removed);
      await loadProfile(bound, CARL);
      await expectErased(bound, request, removed);
      await expectConflict(bound, [creation(ANNA)], { outcome: 'erased', index: 0 });
      expectEqual((await lineageOf(bound, ANNA))?.receipt, { ...request.receipt, removed }, 'the receipt inside');
    };
    await transact(context, async (bound) => {
      await inside(bound);
      return 'rollback';
    });
    expectEqual(await stateOf(repository, TENANT, ENTRIES), before, 'the state after the rollback');
    expectEqual((await lineageOf(repository, ANNA))?.receipt, undefined, 'the receipt after the rollback');
    await transact(context, async (bound) => {
      await inside(bound);
      return 'commit';
    });
    await expectMissing(repository, ANNA);
    await expectConflict(repository, [creation(ANNA)], { outcome: 'erased', index: 0 });
  });
}

/** Gives a transaction time to block on another one. Its result is checked later. */
async function untilWaiting(transaction: Promise<void>): Promise<void> {
  await Promise.race([transaction.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 100))]);
}

async function seed(repository: ProfileRepository): Promise<void> {
  const entriesOf = (id: string) => ({ addEntries: [email(id), ...(id === ANNA ? [city('Ulm')] : [])] });
  await commitAll(repository, creation(ANNA, entriesOf(ANNA)), creation(BERT, entriesOf(BERT)));
}

/** Runs `work` in a transaction. Rethrows its failure itself, since a harness may swallow it. */
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
  assert.ok(ended, '`harness.transaction` must run `work` to its end before it resolves');
}
