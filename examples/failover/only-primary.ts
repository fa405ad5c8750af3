/** The part of a `pg` connection that is used here. */
interface Connection {
  query(sql: string, done: (error: unknown, result: { readonly rows: readonly { standby: boolean }[] }) => void): void;
  end(): void;
}

/**
 * Refuses connections to a PostgreSQL standby until it is promoted. With this in the pool of each server, a
 * `FailoverRepository` over primary and standby follows a promotion, and never returns stale data from the standby:
 *
 * ```ts
 * const db = knex({ client: 'pg', connection: url, pool: { min: 0, max: 10, afterCreate: onlyPrimary } });
 * ```
 *
 * There must be at most one primary: fence off the former primary before you promote the standby.
 */
export function onlyPrimary(connection: Connection, done: (error: unknown, connection: unknown) => void): void {
  connection.query('SELECT pg_is_in_recovery() AS standby', (error, result) => {
    const refusal = error ?? (result.rows[0]?.standby ? new Error('The server is a standby.') : undefined);
    // Knex does not close a connection that `afterCreate` rejects.
    if (refusal) connection.end();
    done(refusal, connection);
  });
}
