import type { ConformanceOptions } from 'dossier/conformance';
import { InMemoryProfileRepository } from 'dossier/memory';
import { TableRepository } from '../../conformance/table-repository.js';

/** Keeps the first change of a commit if the second one is refused. */
class HalfCommittingRepository extends TableRepository {
  protected override restore(): void {}
}

const Repository = process.env.CONFORMANCE_SUBJECT === 'broken' ? HalfCommittingRepository : InMemoryProfileRepository;

/** The repository under test in each runner: a broken one if `CONFORMANCE_SUBJECT=broken`, otherwise a correct one. */
export const subject: Pick<ConformanceOptions, 'createHarness' | 'capabilities'> = {
  createHarness: () => ({ repository: new Repository(), dispose: async () => {} }),
  capabilities: { anotherConnection: false, history: true, changes: true, erasure: true, serverMode: true },
};
