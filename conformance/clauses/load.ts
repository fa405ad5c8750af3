import type { Loaded } from '../../src/storage/profile-repository.js';
import type { ClauseGroup } from '../clause.js';
import { commitAll, commitSchemaVersion, expectEqual, loadProfile } from '../expectations.js';
import { ANNA, BERT, BYSTANDER, CARL, CREATED_AT, creation, TENANT, update } from '../sample-changes.js';

/** `load`. */
export const loadClauses: ClauseGroup = (clause) => {
  clause('load/profile', 'returns the complete profile and the schema version', async ({ repository }) => {
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
    expectEqual(await repository.load(TENANT, ANNA, { extensions: true }), { schemaVersion: 1, profile }, 'load');
  });

  clause('load/missing', 'returns only the schema version if the profile does not exist', async ({ repository }) => {
    expectEqual(await repository.load(TENANT, ANNA, { extensions: true }), { schemaVersion: 1 }, 'load');
  });

  clause('load/no-schema', 'returns no schema version if the tenant has no schema', async ({ repository }) => {
    expectEqual(await repository.load('3', ANNA, { extensions: false }), {}, 'load');
  });

  clause('load/schema-version', "returns the tenant's version, whichever a profile was written by", async (context) => {
    const { repository, secondConnection } = context;
    await commitAll(repository, creation(ANNA), creation(BERT));
    for (const [version, written] of [
      [2, ANNA],
      [3, BERT],
    ] as const) {
      await commitSchemaVersion(secondConnection, version);
      for (const id of [ANNA, BERT, CARL]) {
        for (const extensions of [true, false]) {
          const { schemaVersion } = await repository.load(TENANT, id, { extensions });
          expectEqual(schemaVersion, version, `the schema version of load of ${id}`);
        }
      }
      await commitAll(repository, update(written, 1, { schemaVersion: version }));
    }
  });

  clause('load/extensions', 'returns extensions if requested, and only then', async ({ repository }) => {
    await commitAll(repository, creation(ANNA), creation(BERT, { extensions: {} }));
    await commitAll(repository, update(ANNA, 1, { segment: 'gold', residual: { attributes: { Old: 1 } } }));
    const { extensions: _, ...bare } = await loadProfile(repository, ANNA);
    const without = await repository.load(TENANT, ANNA, { extensions: false });
    expectEqual(without, { schemaVersion: 1, profile: bare }, 'load without extensions');
    expectEqual(
      (await loadProfile(repository, ANNA)).extensions,
      creation(ANNA).extensions,
      'the requested extensions',
    );
    expectEqual(
      (await loadProfile(repository, BERT)).extensions,
      {},
      'the requested extensions of a profile without any',
    );
  });

  clause('load/concurrent', 'concurrent loads return what each returns alone', async ({ repository }) => {
    const customerIds = Array.from({ length: 20 }, (_, index) => `c${index}`);
    await commitAll(repository, ...[ANNA, ...customerIds].map((id) => creation(id, { attributes: { Name: id } })));
    // Not in the order of the ids, one unknown, and one requested twice.
    const ids = [BERT, ...customerIds.toReversed(), ANNA, 'c7'];
    const calls = [TENANT, BYSTANDER, '3'].flatMap((tenantId) =>
      [true, false].flatMap((extensions) => ids.map((id) => [tenantId, id, { extensions }] as const)),
    );
    const alone: Loaded[] = [];
    for (const call of calls) alone.push(await repository.load(...call));
    const concurrent = await Promise.all(calls.map((call) => repository.load(...call)));
    expectEqual(concurrent, alone, 'the results, in the order of the calls');
  });
};
