/** How a dialect lets only one process migrate at a time; nothing where its transactions do that by themselves. */
export interface MigrationLock {
  /** A query with the parameter `:name` that waits for the lock and answers 1 when it was obtained. */
  readonly acquire?: string | undefined;
  /** A statement with the parameter `:name`, where the lock does not end with the transaction. */
  readonly release?: string | undefined;
}
