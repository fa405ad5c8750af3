import type { StoredLine } from '../src/storage/change-lines.js';
import type { ProfileRepository, StoredState } from '../src/storage/profile-repository.js';
import { commitSchemaVersion, expectCommitted, expectEqual } from './expectations.js';
import { allLines } from './feed.js';
import { ANNA, BERT, BYSTANDER, CARL, city, creation, deletion, EMIL, email, update } from './sample-changes.js';
import { allStates } from './states.js';
import { stateOf, type TenantState } from './tenant-state.js';

const IDS = [ANNA, BERT, CARL, EMIL];
const ENTRIES = [...IDS.map(email), city('Ulm')];

/** Everything that the port can read of the bystander tenant. */
interface BystanderState extends TenantState {
  /** The states of each customer id; none if the repository keeps no history. */
  readonly states: readonly StoredState[][];
  /** The lines of the feed; none if the repository keeps no feed. */
  readonly lines: readonly StoredLine[];
}

/** What the repository can do, as both it and the options declare. */
type Declared = Readonly<Record<'history' | 'changes', boolean>>;

/**
 * Seeds the tenant {@link BYSTANDER} with the ids and index entries that the clauses use, at other revisions and another
 * schema version, and with former states and lines if the repository keeps them. A statement without a tenant condition then hits
 * them.
 */
export async function seedBystander(repository: ProfileRepository, declared: Declared): Promise<BystanderState> {
  const inBystander = { tenantId: BYSTANDER, ...declared };
  const bySchema = { schemaVersion: 2 };
  await commitSchemaVersion(repository, 1, BYSTANDER);
  await commitSchemaVersion(repository, 2, BYSTANDER);
  const line = { changed: ['/Bystander'] };
  const bystander = { ...bySchema, line, segment: 'bystander', attributes: { Name: 'Bystander' } };
  const entriesOf = (id: string) => [email(id), city('Ulm')];
  await expectCommitted(
    repository,
    IDS.map((id) => creation(id, { ...bystander, addEntries: entriesOf(id) })),
    inBystander,
  );
  const removed = deletion(EMIL, 1, { ...bySchema, line, removeEntries: entriesOf(EMIL) });
  await expectCommitted(repository, [update(CARL, 1, bystander), removed], inBystander);
  return stateOfBystander(repository, declared);
}

/** Fails if anything of the bystander tenant has changed. */
export async function expectUnchanged(
  repository: ProfileRepository,
  before: BystanderState,
  declared: Declared,
): Promise<void> {
  expectEqual(await stateOfBystander(repository, declared), before, 'the state of the bystander tenant (R17)');
}

async function stateOfBystander(
  repository: ProfileRepository,
  { history, changes }: Declared,
): Promise<BystanderState> {
  const states: StoredState[][] = [];
  if (history) for (const id of IDS) states.push(await allStates(repository, id, { tenantId: BYSTANDER }));
  const lines = changes ? await allLines(repository, BYSTANDER) : [];
  return { ...(await stateOf(repository, BYSTANDER, ENTRIES)), states, lines };
}
