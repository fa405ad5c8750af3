import type { ProfileRepository, StoredState } from '../src/storage/profile-repository.js';
import { commitSchemaVersion, expectCommitted, expectEqual } from './expectations.js';
import { ANNA, BERT, BYSTANDER, CARL, city, creation, deletion, EMIL, email, update } from './sample-changes.js';
import { allStates } from './states.js';
import { stateOf, type TenantState } from './tenant-state.js';

const IDS = [ANNA, BERT, CARL, EMIL];
const ENTRIES = [...IDS.map(email), city('Ulm')];

/** Everything that the port can read of the bystander tenant. */
interface BystanderState extends TenantState {
  /** The states of each customer id; none if the repository keeps no history. */
  readonly states: readonly StoredState[][];
}

/**
 * Seeds the tenant {@link BYSTANDER} with the ids and index entries that the clauses use, at other revisions and another
 * schema version, and with former states if the repository keeps them. A statement without a tenant condition then hits
 * them.
 */
export async function seedBystander(repository: ProfileRepository, history: boolean): Promise<BystanderState> {
  const inBystander = { tenantId: BYSTANDER, history };
  const bySchema = { schemaVersion: 2 };
  await commitSchemaVersion(repository, 1, BYSTANDER);
  await commitSchemaVersion(repository, 2, BYSTANDER);
  const bystander = { ...bySchema, segment: 'bystander', attributes: { Name: 'Bystander' } };
  const entriesOf = (id: string) => [email(id), city('Ulm')];
  await expectCommitted(
    repository,
    IDS.map((id) => creation(id, { ...bystander, canonical: true, addEntries: entriesOf(id) })),
    inBystander,
  );
  const removed = deletion(EMIL, 1, { ...bySchema, removeEntries: entriesOf(EMIL) });
  await expectCommitted(repository, [update(CARL, 1, bystander), removed], inBystander);
  return stateOfBystander(repository, history);
}

/** Fails if anything of the bystander tenant has changed. */
export async function expectUnchanged(
  repository: ProfileRepository,
  before: BystanderState,
  history: boolean,
): Promise<void> {
  expectEqual(await stateOfBystander(repository, history), before, 'the state of the bystander tenant (R17)');
}

async function stateOfBystander(repository: ProfileRepository, history: boolean): Promise<BystanderState> {
  const states: StoredState[][] = [];
  if (history) for (const id of IDS) states.push(await allStates(repository, id, { tenantId: BYSTANDER }));
  return { ...(await stateOf(repository, BYSTANDER, ENTRIES)), states };
}
