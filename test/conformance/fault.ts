import type { ProfileRepository } from 'dossier/storage';

/** A repository with one deliberate fault. */
export interface Fault {
  /** Describes the fault, for the test title. */
  readonly fault: string;
  /** Prefix of the clause titles of which at least one must fail. */
  readonly breaks: string;
  readonly Repository: new () => ProfileRepository;
  /** For a fault between two connections: opens a connection to the store. */
  readonly connect?: (store: ProfileRepository) => ProfileRepository;
}
