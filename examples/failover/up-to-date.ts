/** The part of a mysql2 connection that is used here. */
interface Connection {
  query(sql: string, done: (error: unknown) => void): void;
  destroy(): void;
}

/**
 * Makes reads on a Galera node causal: before a query, the node applies what other nodes have committed. Dossier needs this
 * on every connection:
 *
 * ```ts
 * const db = knex({ client: 'mysql2', connection: url, pool: { min: 0, max: 10, afterCreate: upToDate } });
 * ```
 */
export function upToDate(connection: Connection, done: (error: unknown, connection: unknown) => void): void {
  connection.query('SET SESSION wsrep_sync_wait = 1', (error) => {
    // Knex does not close a connection that `afterCreate` rejects.
    if (error) connection.destroy();
    done(error, connection);
  });
}
