import type { ProfileRepository } from 'dossier/storage';

/** A repository that is broken on purpose, in one way. */
export interface Fault {
  /** What is wrong, in words. */
  readonly fault: string;
  /** The clause, or the group of clauses, that must fail. */
  readonly breaks: string;
  readonly Repository: new () => ProfileRepository;
  /** For what goes wrong between two connections: one of its own to the store that the repository is. */
  readonly connect?: (store: ProfileRepository) => ProfileRepository;
}
