/**
 * The part of the host's Knex instance that Dossier uses, as a structural type: any copy or version of Knex fits, and the
 * package needs no types of Knex. The host owns the instance; Dossier never opens, closes or configures it.
 */
export interface KnexLike {
  readonly client: KnexClientLike;
  /** Set on a transaction, absent on an instance. */
  readonly isTransaction?: boolean | undefined;
  transaction<T>(
    work: (transaction: KnexTransactionLike) => Promise<T>,
    config?: TransactionConfigLike | undefined,
  ): Promise<T>;
}

export interface TransactionConfigLike {
  readonly isolationLevel: 'read committed';
}

/** A transaction of the host: what Knex passes to the callback of `knex.transaction(…)`. */
export interface KnexTransactionLike extends KnexLike {
  isCompleted(): boolean;
}

/** The part of Knex that provides connections of the host's pool. */
export interface KnexClientLike {
  /** The name of the driver, such as `better-sqlite3`. */
  readonly driverName: string;
  // biome-ignore lint/suspicious/noExplicitAny: as Knex declares it; each dialect's session has the type.
  acquireConnection(): any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  releaseConnection(connection: any): any;
  /** Whether a connection can still be used, as far as the driver knows. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  validateConnection?(connection: any): unknown;
  /** Absent in a transaction; the host may have replaced the pool by one of any kind. */
  readonly pool?: { numPendingAcquires?(): number; readonly max?: number } | undefined;
}
