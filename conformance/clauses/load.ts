import type { Loaded } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, expectSame, loadProfile } from '../expectations.js';
import { ANNA, BERT, BYSTANDER, CREATED_AT, creation, TENANT, update } from '../sample-changes.js';

/** `load`. */
export const loadClauses: ClauseGroup = (clause) => {
  clause('load/profile', 'a profile comes with all that was stored, and the schema version', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { segment: 'gold' }), creation(BERT));
    const { attributes, extensions } = creation(ANNA);
    const profile = {
      customerId: ANNA,
      revision: 1,
      segment: 'gold',
      attributes,
      extensions,
      createdAt: CREATED_AT,
      updatedAt: CREATED_AT,
    };
    expectSame(await repository.load(TENANT, ANNA, { extensions: true }), { schemaVersion: 1, profile }, 'load');
  });

  clause('load/missing', 'a profile that is not there is absent, beside the schema version', async ({ repository }) => {
    expectSame(await repository.load(TENANT, ANNA, { extensions: true }), { schemaVersion: 1 }, 'load');
  });

  clause('load/no-schema', 'a tenant without a schema has no version', async ({ repository }) => {
    expectSame(await repository.load('3', ANNA, { extensions: false }), {}, 'load');
  });

  clause('load/extensions', 'extensions are answered when asked for, and only then', async ({ repository }) => {
    await commitAll(repository, creation(ANNA, { segment: 'gold' }), creation(BERT, { extensions: {} }));
    await commitAll(repository, update(ANNA, 1));
    const { extensions: _, ...bare } = await loadProfile(repository, ANNA);
    const without = await repository.load(TENANT, ANNA, { extensions: false });
    expectSame(without, { schemaVersion: 1, profile: bare }, 'load without extensions');
    expectSame((await loadProfile(repository, ANNA)).extensions, creation(ANNA).extensions, 'extensions asked for');
    expectSame((await loadProfile(repository, BERT)).extensions, {}, 'extensions asked for where there are none');
  });

  clause('load/together', 'loads at the same time answer what each answers alone', async ({ repository }) => {
    const customerIds = Array.from({ length: 20 }, (_, index) => `c${index}`);
    await commitAll(repository, ...[ANNA, ...customerIds].map((id) => creation(id, { attributes: { Name: id } })));
    // Not in the order of the ids, with one that is not there, and one that is asked for twice.
    const ids = [BERT, ...customerIds.toReversed(), ANNA, 'c7'];
    const asked = [TENANT, BYSTANDER, '3'].flatMap((tenantId) =>
      [true, false].flatMap((extensions) => ids.map((id) => [tenantId, id, { extensions }] as const)),
    );
    const alone: Loaded[] = [];
    for (const question of asked) alone.push(await repository.load(...question));
    const together = await Promise.all(asked.map((question) => repository.load(...question)));
    expectSame(together, alone, 'the answers, in the order asked');
  });
};
