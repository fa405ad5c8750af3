import type { ProfileRepository } from '../src/storage/profile-repository.js';
import type { ConformanceOptions, RepositoryHarness } from './options.js';

/** What a clause works with: a new store in which {@link TENANT} has schema version 1 and no profiles. */
export interface ClauseContext {
  readonly repository: ProfileRepository;
  /** A second connection to the same store; with `anotherConnection: false`, the first one again. */
  readonly secondConnection: ProfileRepository;
  readonly harness: RepositoryHarness;
  /** `harness.transaction`, with the calls recorded; absent if the harness has none. */
  readonly transaction: RepositoryHarness['transaction'];
  /** `harness.reopen`, with the calls recorded; absent if the harness has none. */
  readonly reopen: RepositoryHarness['reopen'];
  /** `harness.break`; absent if the harness has none. */
  readonly break: RepositoryHarness['break'];
}

/** Declares the test of one clause. The id names group and clause, as `commit/atomic`; the title says what holds. */
export type DeclareClause = (id: string, title: string, body: (context: ClauseContext) => Promise<void>) => void;

/** Declares the tests of one group of clauses. */
export type ClauseGroup = (clause: DeclareClause, options: ConformanceOptions) => void;
