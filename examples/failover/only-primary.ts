/** What a connection of `pg` has, as far as it matters here. */
interface Connection {
  query(sql: string, done: (error: unknown, result: { readonly rows: readonly { standby: boolean }[] }) => void): void;
  end(): void;
}

/**
 * Refuses connections to a PostgreSQL server that takes no writes: a standby, until it is promoted. With it in the pool
 * of each server, a `FailoverRepository` over primary and standby follows a promotion, and never takes what the standby
 * knows for what is so now:
 *
 * ```ts
 * const db = knex({ client: 'pg', connection: url, pool: { min: 0, max: 10, afterCreate: onlyPrimary } });
 * ```
 *
 * It relies on there being one primary at most: whoever promotes a standby must see to it that the former primary is gone.
 */
export function onlyPrimary(connection: Connection, done: (error: unknown, connection: unknown) => void): void {
  connection.query('SELECT pg_is_in_recovery() AS standby', (error, result) => {
    const refusal = error ?? (result.rows[0]?.standby ? new Error('The server is a standby.') : undefined);
    // Knex does not close what it was refused.
    if (refusal) connection.end();
    done(refusal, connection);
  });
}
