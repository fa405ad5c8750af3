import type { ProfileRepository } from '../src/storage/profile-repository.js';
import type { ConformanceOptions, RepositoryHarness } from './options.js';

/** What the test of a clause works with: a new store in which {@link TENANT} has schema version 1 and no profile. */
export interface ClauseContext {
  readonly repository: ProfileRepository;
  /** A second connection to the same store; the same repository where the harness has no other. */
  readonly rival: ProfileRepository;
  readonly harness: RepositoryHarness;
  /** `harness.transaction`, where there is one. */
  readonly transaction: RepositoryHarness['transaction'];
}

/** Declares the test of one clause. The id names group and clause, as `commit/whole`; the words say what holds. */
export type DeclareClause = (id: string, words: string, body: (context: ClauseContext) => Promise<void>) => void;

/** A file of clauses: declares the tests of one group. */
export type ClauseGroup = (clause: DeclareClause, options: ConformanceOptions) => void;
