import type { ProfileRepository } from '../src/storage/profile-repository.js';
import { commitAll, commitSchemaVersion, expectSame } from './expectations.js';
import { ANNA, BERT, BYSTANDER, CARL, city, creation, email, update } from './sample-changes.js';
import { stateOf, type TenantState } from './stored-state.js';

const ENTRIES = [email(ANNA), email(BERT), email(CARL), city('Ulm')];

/**
 * Gives the tenant {@link BYSTANDER} profiles with the ids and entries that the clauses use, at other revisions and by
 * another schema version, so that whatever forgets the tenant meets them.
 */
export async function settleBystander(repository: ProfileRepository): Promise<TenantState> {
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

/** Fails when anything of the bystander has changed. */
export async function expectUntouched(repository: ProfileRepository, before: TenantState): Promise<void> {
  expectSame(await stateOf(repository, BYSTANDER, ENTRIES), before, 'the state of another tenant afterwards');
}
