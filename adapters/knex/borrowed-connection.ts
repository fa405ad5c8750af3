import { isDossierError } from 'dossier';
import type { KnexClientLike } from './knex-like.js';
import { Interruption, type Stage } from './session.js';

/** What lends connections: the host's pool, its transaction, or what stands before them. */
export type ConnectionLender = Pick<KnexClientLike, 'acquireConnection' | 'releaseConnection'>;

/**
 * Lends a connection of the host's pool to some work, or the one of the host's transaction. What the driver throws
 * becomes an {@link Interruption}.
 *
 * @param stage how far the work has come when it fails, unless it says otherwise itself
 */
export async function withConnection<Connection, T>(
  knex: { readonly client: ConnectionLender },
  stage: Stage,
  work: (connection: Connection) => T | Promise<T>,
): Promise<T> {
  assertNotEnded(knex);
  let connection: Connection;
  try {
    connection = await knex.client.acquireConnection();
  } catch (error) {
    throw interruptionOf(error, 'connecting');
  }
  try {
    return await work(connection);
  } catch (error) {
    throw interruptionOf(error, stage);
  } finally {
    await knex.client.releaseConnection(connection);
  }
}

/** Once a transaction has ended, its connection may serve others. */
export function assertNotEnded(knex: object): void {
  if ('isCompleted' in knex && typeof knex.isCompleted === 'function' && knex.isCompleted()) {
    throw new Error('The transaction that this repository is bound to has ended.');
  }
}

function interruptionOf(error: unknown, stage: Stage): unknown {
  return error instanceof Interruption || isDossierError(error) ? error : new Interruption(error, stage);
}
