import type { IndexEntry } from '../../src/model/documents.js';
import type { Change } from '../../src/storage/profile-repository.js';
import type { ClauseContext, ClauseGroup } from '../clause.js';
import {
  commitAll,
  commitSchemaVersion,
  expectConflict,
  expectEqual,
  expectHolders,
  expectMissing,
} from '../expectations.js';
import {
  ANNA,
  BERT,
  CARL,
  city,
  creation,
  deletion,
  email,
  indexing,
  RECREATED_AT,
  TENANT,
  update,
} from '../sample-changes.js';
import { stateOf } from '../tenant-state.js';

const NEWER_SCHEMA = { schemaVersion: 2 };

/** Which conflict a commit returns, and which takes precedence if there are several. */
export const conflictClauses: ClauseGroup = (clause) => {
  clause('conflicts/none', 'a change of every kind without a conflict is committed', async (context) => {
    await seed(context);
    const { repository } = context;
    await commitAll(repository, update(ANNA, 1, { addEntries: [city('Ulm')], removeEntries: [email(ANNA)] }));
    await commitAll(repository, indexing(ANNA, 2, [email('other'), city('Bonn')]), creation(CARL));
    const removeEntries = [email('other'), city('Ulm'), city('Bonn')];
    await commitAll(repository, deletion(ANNA, 2, { removeEntries }), update(CARL, 1, { addEntries: [email(ANNA)] }));
    await commitAll(repository, creation(ANNA, { addEntries: [email('other')] }));
  });

  clause('conflicts/schema-moved', 'a change for any but the newest schema version is refused', async (context) => {
    const { repository, secondConnection } = context;
    await seed(context);
    const moved = { outcome: 'schema_changed', schemaVersion: 1 } as const;
    for (const change of [
      creation(CARL, NEWER_SCHEMA),
      update(ANNA, 1, NEWER_SCHEMA),
      deletion(ANNA, 1, NEWER_SCHEMA),
      indexing(ANNA, 1, [city('Bonn')], NEWER_SCHEMA),
    ]) {
      await expectConflict(repository, [change], moved);
    }
    await commitSchemaVersion(secondConnection, 2);
    const before = await stateOf(repository, TENANT);
    await expectConflict(repository, [update(ANNA, 1)], { ...moved, schemaVersion: 2 });
    await expectConflict(repository, [deletion(ANNA, 1)], { ...moved, schemaVersion: 2 });
    expectEqual(await stateOf(repository, TENANT), before, 'the state after the refused commits');
    await commitAll(repository, update(ANNA, 1, NEWER_SCHEMA));
  });

  clause('conflicts/no-schema', 'a commit is refused if the tenant has no schema', async ({ repository }) => {
    await expectConflict(repository, [creation(ANNA)], { outcome: 'schema_changed' }, { tenantId: '3' });
    expectEqual(
      await stateOf(repository, '3'),
      { profiles: [], holders: [] },
      'the state of the tenant without a schema',
    );
  });

  clause('conflicts/schema-first', 'a schema conflict takes precedence over all others', async (context) => {
    const { repository } = context;
    await seed(context);
    await commitSchemaVersion(repository, 2);
    const moved = { outcome: 'schema_changed', schemaVersion: 2 } as const;
    await expectConflict(repository, [creation(ANNA)], moved);
    await expectConflict(repository, [update(ANNA, 9)], moved);
    await expectConflict(repository, [update(CARL, 1)], moved);
    await expectConflict(repository, [indexing(ANNA, 1, [email(BERT)])], moved);
    await expectConflict(repository, [update(ANNA, 9, NEWER_SCHEMA), update(BERT, 1)], moved);
  });

  clause('conflicts/schema-first', 'the schema version of every change is compared', async (context) => {
    const { repository } = context;
    await seed(context);
    await commitSchemaVersion(repository, 2);
    const before = await stateOf(repository, TENANT);
    const moved = { outcome: 'schema_changed', schemaVersion: 2 } as const;
    for (const versions of [
      [1, 2, 2],
      [2, 1, 2],
      [2, 2, 1],
      [2, 2, 3],
      [3, 2, 2],
      [1, 3, 2],
    ]) {
      const [ofAnna = 2, ofBert = 2, ofCarl = 2] = versions;
      const changes = [
        update(ANNA, 1, { schemaVersion: ofAnna }),
        deletion(BERT, 1, { schemaVersion: ofBert, removeEntries: [email(BERT)] }),
        creation(CARL, { schemaVersion: ofCarl }),
      ];
      await expectConflict(repository, changes, moved);
    }
    expectEqual(await stateOf(repository, TENANT), before, 'the state after the refused commits');
  });

  clause('conflicts/each-change', 'every change is checked, whatever its index', async (context) => {
    const { repository } = context;
    await seed(context);
    const before = await stateOf(repository, TENANT, [email(ANNA), email(BERT), city('Ulm')]);
    const good = creation(CARL, { addEntries: [city('Ulm')] });
    const another = { createdAt: RECREATED_AT };
    const taken = { addEntries: [city('Ulm'), email(BERT)] };
    for (const [bad, conflict] of [
      [creation(ANNA), { outcome: 'id_taken' }],
      [creation('dora', taken), { outcome: 'entry_taken', key: 'idEmail' }],
      [update(ANNA, 1, taken), { outcome: 'entry_taken', key: 'idEmail' }],
      [indexing(ANNA, 1, taken.addEntries), { outcome: 'entry_taken', key: 'idEmail' }],
      ...[
        [update(ANNA, 2), deletion(ANNA, 2), indexing(ANNA, 2, [city('Ulm')])],
        [update(ANNA, 1, another), deletion(ANNA, 1, another), indexing(ANNA, 1, [city('Ulm')], another)],
      ].flatMap((changes) => changes.map((change) => [change, { outcome: 'revision_changed', revision: 1 }] as const)),
      ...[update('dora', 1), deletion('dora', 1), indexing('dora', 1, [city('Ulm')])].map(
        (change) => [change, { outcome: 'revision_changed' }] as const,
      ),
    ] as const) {
      await expectConflict(repository, [good, bad], { ...conflict, index: 1 });
      await expectConflict(repository, [bad, good], { ...conflict, index: 0 });
    }
    const after = await stateOf(repository, TENANT, [email(ANNA), email(BERT), city('Ulm')]);
    expectEqual(after, before, 'the state after the refused commits');
  });

  clause('conflicts/lowest-index', 'the conflict with the lowest index is returned', async (context) => {
    const { repository } = context;
    await seed(context);
    const staleAnna = update(ANNA, 9);
    const takenByBert = creation(CARL, { addEntries: [email(BERT)] });
    const bertAgain = creation(BERT);
    await expectConflict(repository, [staleAnna, takenByBert, bertAgain], {
      outcome: 'revision_changed',
      index: 0,
      revision: 1,
    });
    await expectConflict(repository, [takenByBert, bertAgain, staleAnna], {
      outcome: 'entry_taken',
      index: 0,
      key: 'idEmail',
    });
    await expectConflict(repository, [bertAgain, staleAnna, takenByBert], { outcome: 'id_taken', index: 0 });
    await expectMissing(repository, CARL);
  });

  clause(
    'conflicts/profile-first',
    'within a change, id and revision take precedence over entries',
    async (context) => {
      const { repository } = context;
      await seed(context);
      const addEntries = [email(BERT)];
      await expectConflict(repository, [creation(ANNA, { addEntries })], { outcome: 'id_taken', index: 0 });
      const moved = { outcome: 'revision_changed', index: 0, revision: 1 } as const;
      await expectConflict(repository, [update(ANNA, 9, { addEntries })], moved);
      await expectConflict(repository, [indexing(ANNA, 9, addEntries)], moved);
    },
  );

  clause('conflicts/many-entries', 'a taken entry is found at any place of a long list', async (context) => {
    const { repository } = context;
    await seed(context);
    const free = Array.from({ length: 1_000 }, (_, number) => email(`address ${number}`));
    const before = await stateOf(repository, TENANT, free.slice(0, 1));
    for (const [place, make] of Object.entries({
      500: (addEntries) => creation(CARL, { addEntries }),
      998: (addEntries) => update(ANNA, 1, { addEntries }),
      999: (addEntries) => indexing(ANNA, 1, addEntries),
    } satisfies Record<number, (addEntries: readonly IndexEntry[]) => Change>)) {
      const entries = free.with(Number(place), email(BERT));
      await expectConflict(repository, [make(entries)], { outcome: 'entry_taken', index: 0, key: 'idEmail' });
    }
    expectEqual(await stateOf(repository, TENANT, free.slice(0, 1)), before, 'the state after the refused commits');
  });

  clause('conflicts/released', 'a refused commit reserves nothing, and releases nothing', async (context) => {
    const { repository, secondConnection } = context;
    await seed(context);
    const bad = [
      [update(BERT, 9), { outcome: 'revision_changed', revision: 1 }],
      [creation(BERT), { outcome: 'id_taken' }],
      [creation('emil', { addEntries: [email(BERT)] }), { outcome: 'entry_taken', key: 'idEmail' }],
    ] as const;
    for (const [round, [change, conflict]] of bad.entries()) {
      const [id, other, free] = [`reserved-${round}`, `other-${round}`, email(`free ${round}`)];
      // The entry is added, and that of Anna removed, by a change before the one that is refused.
      const reserving = creation(id, { addEntries: [free] });
      const releasing = update(ANNA, 1, { removeEntries: [email(ANNA)] });
      await expectConflict(repository, [reserving, releasing, change], { ...conflict, index: 2 });
      const taken = creation(other, { addEntries: [email(ANNA)] });
      await expectConflict(repository, [taken], { outcome: 'entry_taken', index: 0, key: 'idEmail' });
      await commitAll(secondConnection, creation(other, { addEntries: [free] }));
      await commitAll(repository, creation(id));
      await expectHolders(repository, free, [other]);
    }
    // Within the refused change itself, before the entry that is taken.
    const mixed = [email('free'), email(BERT)];
    const conflict = { outcome: 'entry_taken', index: 0, key: 'idEmail' } as const;
    await expectConflict(repository, [creation(CARL, { addEntries: mixed })], conflict);
    await commitAll(repository, creation('dora', { addEntries: [email('free')] }), creation(CARL));
    await expectHolders(repository, email(ANNA), [ANNA]);
  });

  clause('conflicts/recovery', 'the repository works as before after every conflict', async (context) => {
    const { repository } = context;
    await seed(context);
    await expectConflict(repository, [creation(ANNA)], { outcome: 'id_taken', index: 0 });
    await commitAll(repository, update(ANNA, 1));
    await expectConflict(repository, [update(ANNA, 1)], { outcome: 'revision_changed', index: 0, revision: 2 });
    await commitAll(repository, update(ANNA, 2));
    const taken = { outcome: 'entry_taken', index: 0, key: 'idEmail' } as const;
    await expectConflict(repository, [update(ANNA, 3, { addEntries: [email(BERT)] })], taken);
    await commitAll(repository, update(ANNA, 3));
  });
};

async function seed({ repository }: ClauseContext): Promise<void> {
  await commitAll(
    repository,
    creation(ANNA, { addEntries: [email(ANNA)] }),
    creation(BERT, { addEntries: [email(BERT)] }),
  );
}
