import type { Customer } from './customers.js';

/** What both sides do. */
export interface Settings {
  /** Whether each state that is replaced is kept. */
  readonly history: boolean;
}

/**
 * One side of a comparison: Dossier, or the bare driver doing the same work. `worker` is the number of the concurrent
 * caller, from 0. A side that works synchronously returns its result rather than a promise.
 */
export interface Contender {
  /** Prepares a new tenant. */
  begin(tenant: string): Promise<void> | void;
  /** Creates customers in one batch. */
  load(tenant: string, customers: readonly Customer[]): unknown;
  create(worker: number, tenant: string, customer: Customer): unknown;
  /** Replaces attributes and extensions. */
  replace(worker: number, tenant: string, customer: Customer): unknown;
  /** Replaces attributes and keeps the extensions. */
  replaceAttributes(worker: number, tenant: string, customer: Customer): unknown;
  /** Reads customers before {@link replaceBasedOn}. */
  read(tenant: string, customers: readonly Customer[]): Promise<void> | void;
  /** Replaces attributes and extensions, based on what {@link read} has read. */
  replaceBasedOn(worker: number, tenant: string, customer: Customer): unknown;
  /** Reads attributes and extensions. */
  get(worker: number, tenant: string, customerId: string): unknown;
  /** Finds customers by e-mail address, case-insensitively, and reads their attributes. */
  identify(worker: number, tenant: string, email: string): unknown;
}
