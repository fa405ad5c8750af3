import type { Contender } from '../contender.js';

/** Both sides on one database, each with tables, connections and statements of its own. */
export interface Arena {
  readonly bare: Contender;
  readonly dossier: Contender;
  /** What the database calls itself, with its version. */
  readonly version: string;
  /** Closes everything, and removes what was made. */
  close(): Promise<void>;
}

/** @param connections how many workers each side has at most */
export type OpenArena = (connections: number) => Promise<Arena>;
