import type { KnexLike } from './knex-like.js';
import { Interruption } from './session.js';

/**
 * Lends a connection of the host's pool to some work, or the one of the host's transaction.
 *
 * Knex itself would prepare each statement anew on SQLite, and write values into the SQL text on MySQL; on the
 * connection, the driver's prepared statements do neither.
 */
export async function withConnection<Connection, T>(
  knex: KnexLike,
  work: (connection: Connection) => T | Promise<T>,
): Promise<T> {
  if ('isCompleted' in knex && typeof knex.isCompleted === 'function' && knex.isCompleted()) {
    // Its connection may serve others by now.
    throw new Error('The transaction that this repository is bound to has ended.');
  }
  const connection = await acquire<Connection>(knex);
  try {
    return await work(connection);
  } finally {
    await knex.client.releaseConnection(connection);
  }
}

async function acquire<Connection>(knex: KnexLike): Promise<Connection> {
  try {
    return await knex.client.acquireConnection();
  } catch (error) {
    throw new Interruption(error, false);
  }
}
