import type { Change, ProfileRepository } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectSame } from '../expectations.js';
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
import { stateOf, type TenantState } from '../stored-state.js';
import { deface } from './deface.js';

const OTHER_TENANT = '3';
const ENTRIES = [email(ANNA), email(BERT), email(CARL), email('dora'), city('Ulm'), city('Bonn')];

/** Changes of each kind, in whose way nothing stands after `settle`, each with another one behind it. */
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

/** That what is handed over stays the caller's: it is not changed, and changing it changes nothing. */
export const handedOverClauses: ClauseGroup = (clause) => {
  for (const [kind, make] of Object.entries(CHANGES)) {
    clause(
      'aliasing/in',
      `changing a change of the kind ${kind} afterwards changes nothing`,
      async ({ repository }) => {
        const changes = make();
        await settle(repository);
        await commitAll(repository, ...changes);
        const before = structuredClone(await whatIsThere(repository));
        deface(changes);
        expectSame(await whatIsThere(repository), before, 'the state afterwards');
      },
    );

    clause('aliasing/untouched', `a change of the kind ${kind} is left as it was`, async ({ repository }) => {
      const changes = make();
      await settle(repository);
      expectSame(await repository.commit(changes), { outcome: 'committed' }, 'the answer to the commit');
      expectSame(changes, make(), 'the changes after the commit');
    });

    clause('aliasing/untouched', `a frozen change of the kind ${kind} will do`, async ({ repository }) => {
      await settle(repository);
      const changes = deepFreeze(make());
      expectSame(await repository.commit(changes), { outcome: 'committed' }, 'the answer to the commit');
    });

    clause(
      'aliasing/in-flight',
      `a change of the kind ${kind} counts as it was handed over`,
      async ({ repository }) => {
        const expected = await whatShouldBeThere(repository, make());
        const changes = make();
        await settle(repository);
        const committing = repository.commit(changes);
        deface(changes);
        changes.length = 1;
        expectSame(await committing, { outcome: 'committed' }, 'the answer to the commit');
        expectSame(await whatIsThere(repository), expected, 'the state afterwards');
      },
    );
  }

  clause('aliasing/untouched', 'questions and schemas are left as they were', async ({ repository }) => {
    await settle(repository);
    const [options, entry] = [Object.freeze({ extensions: true }), Object.freeze(city('Ulm'))];
    const page = { limit: 10 };
    const schema = sampleSchema('new');
    const schemaChange = { tenantId: TENANT, expectedVersion: 1, schema };
    await repository.load(TENANT, ANNA, options);
    await repository.page(TENANT, page);
    await repository.find(TENANT, entry, Object.freeze({ ...page, ...options }));
    expectSame(page, { limit: 10 }, 'the page that was asked for');
    expectSame(
      await repository.commitSchema(schemaChange),
      { outcome: 'committed' },
      'the answer to the schema change',
    );
    const asItWas = { tenantId: TENANT, expectedVersion: 1, schema: sampleSchema('new') };
    expectSame(schemaChange, asItWas, 'the schema change');
  });

  clause('aliasing/in-flight', 'questions count as they were asked', async ({ repository }) => {
    await settle(repository);
    const make = () => [{ extensions: true }, city('Ulm'), { limit: 1, extensions: false }, { limit: 1 }] as const;
    const ask = ([options, entry, find, page]: ReturnType<typeof make>) =>
      [
        repository.load(TENANT, ANNA, options),
        repository.find(TENANT, entry, find),
        repository.page(TENANT, page),
      ] as const;
    const expected = structuredClone(await Promise.all(ask(make())));
    const questions = make();
    const answers = ask(questions);
    Object.assign(questions[0], { extensions: false });
    Object.assign(questions[1], city('Bonn'));
    Object.assign(questions[2], { limit: 10, extensions: true, after: ANNA });
    Object.assign(questions[3], { limit: 10, after: ANNA });
    expectSame(await Promise.all(answers), expected, 'the answers');
  });

  clause('aliasing/schema', 'schemas, too, are not shared with the caller', async ({ repository }) => {
    const schema = sampleSchema('shared');
    const change = { tenantId: TENANT, expectedVersion: 1, schema };
    const committing = repository.commitSchema(change);
    deface(schema);
    Object.assign(change, { tenantId: OTHER_TENANT, expectedVersion: 7, schema: sampleSchema('another') });
    expectSame(await committing, { outcome: 'committed' }, 'the answer to the schema change');
    expectSame((await repository.loadSchema(TENANT))?.schema, sampleSchema('shared'), 'the schema as handed over');
    deface(schema);
    expectSame((await repository.loadSchema(TENANT))?.schema, sampleSchema('shared'), 'the schema that went in');
  });
};

async function settle(repository: ProfileRepository, tenantId: string = TENANT): Promise<void> {
  await commitAll(
    repository,
    creation(ANNA, { tenantId, segment: 'gold', addEntries: [email(ANNA), city('Ulm')] }),
    creation(BERT, { tenantId, addEntries: [city('Ulm')] }),
  );
}

/** The profiles and who is found; the schema is another one in each tenant. */
async function whatIsThere(
  repository: ProfileRepository,
  tenantId: string = TENANT,
): Promise<Pick<TenantState, 'profiles' | 'holders'>> {
  const { profiles, holders } = await stateOf(repository, tenantId, ENTRIES);
  return { profiles, holders };
}

/** The same after a commit that nobody meddles with, which another tenant has to suffer. */
async function whatShouldBeThere(repository: ProfileRepository, changes: Change[]): ReturnType<typeof whatIsThere> {
  await commitSchemaVersion(repository, 1, OTHER_TENANT);
  await settle(repository, OTHER_TENANT);
  await commitAll(repository, ...changes.map((change) => ({ ...change, tenantId: OTHER_TENANT })));
  return structuredClone(await whatIsThere(repository, OTHER_TENANT));
}

function deepFreeze<T>(document: T): T {
  if (typeof document !== 'object' || document === null) return document;
  for (const member of Object.values(document)) deepFreeze(member);
  return Object.freeze(document);
}
