import type { ProfileRepository } from '../src/storage/profile-repository.js';
import { commitAll, commitSchemaVersion, expectEqual } from './expectations.js';
import { ANNA, BERT, BYSTANDER, CARL, city, creation, email, update } from './sample-changes.js';
import { stateOf, type TenantState } from './tenant-state.js';

const ENTRIES = [email(ANNA), email(BERT), email(CARL), city('Ulm')];

/**
 * Seeds the tenant {@link BYSTANDER} with the ids and index entries that the clauses use, at other revisions and another
 * schema version. A statement without a tenant condition then hits them.
 */
export async function seedBystander(repository: ProfileRepository): Promise<TenantState> {
  const inBystander = { tenantId: BYSTANDER, schemaVersion: 2 };
  await commitSchemaVersion(repository, 1, BYSTANDER);
  await commitSchemaVersion(repository, 2, BYSTANDER);
  await commitAll(
    repository,
    ...[ANNA, BERT, CARL].map((customerId) =>
      creation(customerId, {
        ...inBystander,
        segment: 'bystander',
        attributes: { Name: 'Bystander' },
        addEntries: [email(customerId), city('Ulm')],
      }),
    ),
  );
  await commitAll(repository, update(CARL, 1, { ...inBystander, attributes: { Name: 'Bystander' } }));
  return stateOf(repository, BYSTANDER, ENTRIES);
}

/** Fails if anything of the bystander tenant has changed. */
export async function expectUnchanged(repository: ProfileRepository, before: TenantState): Promise<void> {
  expectEqual(await stateOf(repository, BYSTANDER, ENTRIES), before, 'the state of the bystander tenant (R17)');
}
