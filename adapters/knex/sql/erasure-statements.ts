import { type Statement, statement } from './statement.js';
import type { Tables } from './tables.js';

/** What is kept of a customer id, by primary key and by `counterpart`. The same in each dialect, but for locks. */
export interface LineageReads {
  /**
   * `:tenant`, `:id` → `revision`, `created_at`, `updated_at`, `deleted`, `operation`, `counterpart`, `receipt`, which is
   * null unless the id is erased.
   */
  readonly keptRow: Statement;
  /** The profiles that were merged into `:id`, and have no successor: `:tenant`, `:id` → `id`, `revision`, `at`. */
  readonly mergedRows: Statement;
  /** The same for those that have a successor which is no restored one. */
  readonly mergedStates: Statement;
}

/** @param lock the clause that locks the rows of the tables with these aliases; by default none */
export function lineageReads(
  { profiles, history, erasures }: Tables,
  lock: (...aliases: readonly string[]) => string = () => '',
): LineageReads {
  const isMergeInto = (alias: string) =>
    `${alias}.tenant = :tenant AND ${alias}.counterpart = :id AND ${alias}.operation = 'merge' AND ${alias}.deleted = 1`;
  const next = (alias: string) =>
    `${alias}.tenant = h.tenant AND ${alias}.id = h.id AND ${alias}.revision = h.revision + 1`;
  return {
    keptRow: statement(`
      SELECT p.revision, p.created_at, p.updated_at, p.deleted, p.operation, p.counterpart, e.receipt
      FROM ${profiles} p LEFT JOIN ${erasures} e ON e.tenant = p.tenant AND e.erasure = p.erasure
      WHERE p.tenant = :tenant AND p.id = :id ${lock('p')}`),
    mergedRows: statement(`
      SELECT p.id, p.revision, p.updated_at FROM ${profiles} p WHERE ${isMergeInto('p')} ${lock('p')}`),
    mergedStates: statement(`
      SELECT h.id, h.revision, h.updated_at FROM ${history} h
      LEFT JOIN ${history} n ON ${next('n')} LEFT JOIN ${profiles} p ON ${next('p')}
      WHERE ${isMergeInto('h')} AND COALESCE(n.operation, p.operation, '') NOT IN ('unmerge', 'restore') ${lock('h')}`),
  };
}

/** The writes of an erasure, each for one customer id. The same in each dialect. */
export interface ErasureWrites {
  /**
   * Turns a row into an erased one, if it is what it must be: `:tenant`, `:id`, `:revision`, `:created`, `:deleted`, `:at`,
   * `:actor`, `:reason`, `:erasure`. Locks it, so that nothing is added to the id while what other tables hold is removed.
   */
  readonly eraseRow: Statement;
  /** `:tenant`, `:id`, `:through` */
  readonly eraseStates: Statement;
  /** `:tenant`, `:id` */
  readonly eraseEntries: Statement;
  /** `:tenant`, `:erasure`, `:receipt` */
  readonly insertReceipt: Statement;
}

export function erasureWrites({ profiles, keys, history, erasures }: Tables): ErasureWrites {
  return {
    eraseRow: statement(`
      UPDATE ${profiles} SET revision = revision + 1, segment = NULL, attributes = '{}', extensions = '{}', residual = NULL,
        updated_at = :at, operation = 'erase', actor = :actor, reason = :reason, counterpart = NULL, deleted = 1,
        erasure = :erasure
      WHERE tenant = :tenant AND id = :id AND revision = :revision AND created_at = :created AND deleted = :deleted`),
    eraseStates: statement(`DELETE FROM ${history} WHERE tenant = :tenant AND id = :id AND revision <= :through`),
    eraseEntries: statement(`DELETE FROM ${keys} WHERE tenant = :tenant AND id = :id`),
    insertReceipt: statement(`INSERT INTO ${erasures} (tenant, erasure, receipt) VALUES (:tenant, :erasure, :receipt)`),
  };
}
