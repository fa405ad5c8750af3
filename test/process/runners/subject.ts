import type { RepositoryHarness } from 'dossier/conformance';
import { InMemoryProfileRepository } from 'dossier/memory';
import { TableRepository } from '../../conformance/table-repository.js';

/** Keeps the first change of a commit if the second one is refused. */
class HalfCommittingRepository extends TableRepository {
  protected override restore(): void {}
}

/** The repository under test in each runner: a broken one if `CONFORMANCE_SUBJECT=broken`, otherwise a correct one. */
export function createHarness(): RepositoryHarness {
  const Repository =
    process.env.CONFORMANCE_SUBJECT === 'broken' ? HalfCommittingRepository : InMemoryProfileRepository;
  return { repository: new Repository(), dispose: async () => {} };
}
