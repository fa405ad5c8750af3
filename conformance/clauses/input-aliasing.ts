import type { Change, ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commit, commitAll, commitSchemaVersion, committed, expectCommitted, expectEqual } from '../expectations.js';
import {
  ANNA,
  BERT,
  CARL,
  city,
  creation,
  deletion,
  email,
  indexing,
  sampleSchema,
  TENANT,
  update,
} from '../sample-changes.js';
import { stateOf, type TenantState } from '../tenant-state.js';
import { mutateDeep } from './mutate-deep.js';

const OTHER_TENANT = '3';
const ENTRIES = [email(ANNA), email(BERT), email(CARL), email('dora'), city('Ulm'), city('Bonn')];

/** Commits with a change of each kind that succeed after `seed`, each followed by a second change. */
const CHANGES: Readonly<Record<Change['kind'], () => Change[]>> = {
  create: () => [creation(CARL, { segment: 'silver', addEntries: [city('Ulm'), email(CARL)] }), dora()],
  update: () => [
    update(ANNA, 1, {
      segment: 'silver',
      extensions: { Phone: [{ Number: '555-2' }] },
      addEntries: [email(BERT), city('Bonn')],
      removeEntries: [email(ANNA), city('Ulm')],
    }),
    dora(),
  ],
  delete: () => [deletion(ANNA, 1, { removeEntries: [email(ANNA), city('Ulm')] }), dora()],
  index: () => [indexing(ANNA, 1, [email(BERT), city('Bonn')]), dora()],
};

const dora = () => creation('dora', { addEntries: [email('dora')] });

/** Arguments belong to the caller: the repository neither mutates them nor keeps references to them. */
export const inputAliasingClauses: ClauseGroup = (clause) => {
  for (const [kind, make] of Object.entries(CHANGES)) {
    clause('aliasing/input', `mutating a committed ${kind} change has no effect`, async ({ repository }) => {
      const changes = make();
      await seed(repository);
      await commitAll(repository, ...changes);
      const before = structuredClone(await storedState(repository));
      mutateDeep(changes);
      expectEqual(await storedState(repository), before, 'the state afterwards');
    });

    clause('aliasing/unmodified', `a ${kind} change is not mutated`, async ({ repository }) => {
      const changes = make();
      await seed(repository);
      await commitAll(repository, ...changes);
      expectEqual(changes, make(), 'the changes after the commit');
    });

    clause('aliasing/unmodified', `a frozen ${kind} change is accepted`, async ({ repository }) => {
      await seed(repository);
      const changes = deepFreeze(make());
      await commitAll(repository, ...changes);
    });

    clause(
      'aliasing/in-flight',
      `a ${kind} change that is mutated during the commit counts as it was passed`,
      async ({ repository }) => {
        const expected = await expectedState(repository, make());
        const changes = make();
        await seed(repository);
        const committing = commit(repository, changes);
        mutateDeep(changes);
        changes.length = 1;
        expectEqual(await committing, committed(...make()), 'the result of commit');
        expectEqual(await storedState(repository), expected, 'the state afterwards');
      },
    );
  }

  clause('aliasing/unmodified', 'options and schemas are not mutated', async ({ repository }) => {
    await seed(repository);
    const [options, entry] = [Object.freeze({ extensions: true }), Object.freeze(city('Ulm'))];
    const page = { limit: 10 };
    const schema = sampleSchema('new');
    const schemaChange = { expectedVersion: 1, schema };
    await repository.load(TENANT, ANNA, options);
    await repository.page(TENANT, page);
    await repository.find(TENANT, entry, Object.freeze({ ...page, ...options }));
    expectEqual(page, { limit: 10 }, 'the options of page');
    expectEqual(
      await repository.commitSchema(TENANT, schemaChange),
      { outcome: 'committed' },
      'the result of commitSchema',
    );
    const asItWas = { expectedVersion: 1, schema: sampleSchema('new') };
    expectEqual(schemaChange, asItWas, 'the schema change after commitSchema');
  });

  clause(
    'aliasing/in-flight',
    'options that are mutated during a call count as they were passed',
    async ({ repository }) => {
      await seed(repository);
      const make = () => [{ extensions: true }, city('Ulm'), { limit: 1, extensions: false }, { limit: 1 }] as const;
      const call = ([load, entry, find, page]: ReturnType<typeof make>) =>
        [
          repository.load(TENANT, ANNA, load),
          repository.find(TENANT, entry, find),
          repository.page(TENANT, page),
        ] as const;
      const expected = structuredClone(await Promise.all(call(make())));
      const options = make();
      const results = call(options);
      Object.assign(options[0], { extensions: false });
      Object.assign(options[1], city('Bonn'));
      Object.assign(options[2], { limit: 10, extensions: true, after: ANNA });
      Object.assign(options[3], { limit: 10, after: ANNA });
      expectEqual(await Promise.all(results), expected, 'the results');
    },
  );

  clause(
    'aliasing/schema',
    'a schema that is mutated during or after the call counts as it was passed',
    async ({ repository }) => {
      const schema = sampleSchema('shared');
      const change = { expectedVersion: 1, schema };
      const committing = repository.commitSchema(TENANT, change);
      mutateDeep(schema);
      Object.assign(change, { expectedVersion: 7, schema: sampleSchema('another') });
      expectEqual(await committing, { outcome: 'committed' }, 'the result of commitSchema');
      expectEqual(
        (await repository.loadSchema(TENANT))?.schema,
        sampleSchema('shared'),
        'the schema after the first mutation',
      );
      mutateDeep(schema);
      expectEqual(
        (await repository.loadSchema(TENANT))?.schema,
        sampleSchema('shared'),
        'the schema after the second mutation',
      );
    },
  );
};

async function seed(repository: ProfileRepository, tenantId: string = TENANT): Promise<void> {
  const anna = creation(ANNA, { segment: 'gold', addEntries: [email(ANNA), city('Ulm')] });
  await expectCommitted(repository, [anna, creation(BERT, { addEntries: [city('Ulm')] })], { tenantId });
}

/** The profiles and the holders of entries. The schema is left out: it differs between tenants. */
async function storedState(
  repository: ProfileRepository,
  tenantId: string = TENANT,
): Promise<Pick<TenantState, 'profiles' | 'holders'>> {
  const { profiles, holders } = await stateOf(repository, tenantId, ENTRIES);
  return { profiles, holders };
}

/** The state after the same commit in another tenant, without any mutation. */
async function expectedState(repository: ProfileRepository, changes: Change[]): ReturnType<typeof storedState> {
  await commitSchemaVersion(repository, 1, OTHER_TENANT);
  await seed(repository, OTHER_TENANT);
  await expectCommitted(repository, changes, { tenantId: OTHER_TENANT });
  return structuredClone(await storedState(repository, OTHER_TENANT));
}

function deepFreeze<T>(document: T): T {
  if (typeof document !== 'object' || document === null) return document;
  for (const member of Object.values(document)) deepFreeze(member);
  return Object.freeze(document);
}
