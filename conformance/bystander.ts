import type { ProfileRepository } from '../src/storage/profile-repository.js';
import { commitSchemaVersion, expectCommitted, expectEqual } from './expectations.js';
import { ANNA, BERT, BYSTANDER, CARL, city, creation, email, update } from './sample-changes.js';
import { stateOf, type TenantState } from './tenant-state.js';

const ENTRIES = [email(ANNA), email(BERT), email(CARL), city('Ulm')];

/**
 * Seeds the tenant {@link BYSTANDER} with the ids and index entries that the clauses use, at other revisions and another
 * schema version. A statement without a tenant condition then hits them.
 */
export async function seedBystander(repository: ProfileRepository): Promise<TenantState> {
  const inBystander = { tenantId: BYSTANDER };
  const bySchema = { schemaVersion: 2 };
  await commitSchemaVersion(repository, 1, BYSTANDER);
  await commitSchemaVersion(repository, 2, BYSTANDER);
  const bystander = { ...bySchema, segment: 'bystander', attributes: { Name: 'Bystander' } };
  await expectCommitted(
    repository,
    [ANNA, BERT, CARL].map((id) => creation(id, { ...bystander, addEntries: [email(id), city('Ulm')] })),
    inBystander,
  );
  await expectCommitted(repository, [update(CARL, 1, bystander)], inBystander);
  return stateOf(repository, BYSTANDER, ENTRIES);
}

/** Fails if anything of the bystander tenant has changed. */
export async function expectUnchanged(repository: ProfileRepository, before: TenantState): Promise<void> {
  expectEqual(await stateOf(repository, BYSTANDER, ENTRIES), before, 'the state of the bystander tenant (R17)');
}
