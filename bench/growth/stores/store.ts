import type { ProfileRepository } from 'dossier/storage';
import type { Knex } from 'knex';

/** A new database with the tables of Dossier and nothing else. */
export interface Store {
  readonly knex: Knex;
  readonly repository: ProfileRepository;
  /** Name and version of the database. */
  readonly version: string;
  /** Called after loading: runs the maintenance that a database does in the background. */
  settle(): Promise<void>;
  /** The size of each table and index, in bytes. */
  sizes(): Promise<ReadonlyMap<string, number>>;
  /** Closes all connections and drops what was created. */
  close(): Promise<void>;
}

export type OpenStore = () => Promise<Store>;
