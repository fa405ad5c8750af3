import type { ProfileRepository } from 'dossier/storage';

/** A database of its own, with the tables of Dossier and nothing else. */
export interface Store {
  readonly repository: ProfileRepository;
  /** What the database calls itself, with its version. */
  readonly version: string;
  /** To be called once all is loaded: what a database does by itself sooner or later. */
  settle(): Promise<void>;
  /** The bytes of each table and index. */
  sizes(): Promise<ReadonlyMap<string, number>>;
  /** Closes everything, and removes what was made. */
  close(): Promise<void>;
}

export type OpenStore = () => Promise<Store>;
