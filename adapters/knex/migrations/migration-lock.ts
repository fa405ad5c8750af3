/** How a dialect lets only one process migrate at a time; nothing where its transactions do that by themselves. */
export interface MigrationLock {
  /** What a transaction begins with, unless it is the host's, to see what others have done before it got the lock. */
  readonly begin?: string | undefined;
  /** A query with the parameter `:name` that waits for the lock and answers 1 when it was obtained. */
  readonly acquire?: string | undefined;
  /** A statement with the parameter `:name`, where the lock does not end with the transaction. */
  readonly release?: string | undefined;
}
