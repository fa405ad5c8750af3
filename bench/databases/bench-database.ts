import type { Contender, Settings } from '../contender.js';

/** A database with both sides of the comparison, each with its own tables, connections and statements. */
export interface BenchDatabase {
  readonly bare: Contender;
  readonly dossier: Contender;
  /** Name and version of the database. */
  readonly version: string;
  /** Closes all connections and drops what was created. */
  close(): Promise<void>;
}

/**
 * @param connections the largest number of workers on each side
 * @param delayMs by how many milliseconds each message between this process and a server is delayed
 */
export type OpenBenchDatabase = (connections: number, settings: Settings, delayMs: number) => Promise<BenchDatabase>;
