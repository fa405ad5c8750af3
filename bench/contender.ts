import type { Customer } from './customers.js';

/**
 * One side of a comparison: Dossier, or the bare driver that does the same work. Everything takes place in a tenant, and
 * on behalf of a worker, 0 to the concurrency − 1. What a side does without waiting, it answers at once.
 */
export interface Contender {
  /** Declares a tenant that has no customers yet. */
  begin(tenant: string): Promise<void> | void;
  /** Creates customers in one batch. */
  load(tenant: string, customers: readonly Customer[]): unknown;
  create(worker: number, tenant: string, customer: Customer): unknown;
  /** Replaces attributes and extensions. */
  replace(worker: number, tenant: string, customer: Customer): unknown;
  /** Replaces attributes, and leaves the extensions as they are. */
  replaceAttributes(worker: number, tenant: string, customer: Customer): unknown;
  /** Reads customers, so that {@link replaceBasedOn} can be based on what was read. */
  read(tenant: string, customers: readonly Customer[]): Promise<void> | void;
  /** Replaces attributes and extensions of a customer that {@link read} has read. */
  replaceBasedOn(worker: number, tenant: string, customer: Customer): unknown;
  /** Reads attributes and extensions. */
  get(worker: number, tenant: string, customerId: string): unknown;
  /** Finds customers by an e-mail address without regard to case, and reads their attributes. */
  identify(worker: number, tenant: string, email: string): unknown;
}
