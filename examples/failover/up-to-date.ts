/** What a connection of mysql2 has, as far as it matters here. */
interface Connection {
  query(sql: string, done: (error: unknown) => void): void;
  destroy(): void;
}

/**
 * Has a node of Galera wait, before it answers a query, for what the other nodes have committed until then. Dossier needs
 * that on every connection:
 *
 * ```ts
 * const db = knex({ client: 'mysql2', connection: url, pool: { min: 0, max: 10, afterCreate: upToDate } });
 * ```
 */
export function upToDate(connection: Connection, done: (error: unknown, connection: unknown) => void): void {
  connection.query('SET SESSION wsrep_sync_wait = 1', (error) => {
    // Knex does not close what it was refused.
    if (error) connection.destroy();
    done(error, connection);
  });
}
