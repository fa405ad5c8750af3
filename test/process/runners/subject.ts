import type { RepositoryHarness } from 'dossier/conformance';
import { InMemoryProfileRepository } from 'dossier/memory';
import { TableRepository } from '../../conformance/table-repository.js';

/** A commit of which the first change stays although the second fails. */
class HalfCommittingRepository extends TableRepository {
  protected override restore(): void {}
}

/** What the kit is run on under each runner: an honest repository, or a broken one, as the environment says. */
export function createHarness(): RepositoryHarness {
  const Repository =
    process.env.CONFORMANCE_SUBJECT === 'broken' ? HalfCommittingRepository : InMemoryProfileRepository;
  return { repository: new Repository(), dispose: async () => {} };
}
