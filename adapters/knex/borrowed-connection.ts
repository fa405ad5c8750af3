import { isDossierError } from 'dossier';
import type { KnexLike } from './knex-like.js';
import { Interruption, type Stage } from './session.js';

/**
 * Lends a connection of the host's pool to some work, or the one of the host's transaction. What the driver throws
 * becomes an {@link Interruption}.
 *
 * @param stage how far the work has come when it fails, unless it says otherwise itself
 */
export async function withConnection<Connection, T>(
  knex: KnexLike,
  stage: Stage,
  work: (connection: Connection) => T | Promise<T>,
): Promise<T> {
  assertNotEnded(knex);
  const connection: Connection = await interruptible('connecting', () => knex.client.acquireConnection());
  try {
    return await interruptible(stage, () => work(connection));
  } finally {
    await knex.client.releaseConnection(connection);
  }
}

/** Once a transaction has ended, its connection may serve others. */
export function assertNotEnded(knex: KnexLike): void {
  if ('isCompleted' in knex && typeof knex.isCompleted === 'function' && knex.isCompleted()) {
    throw new Error('The transaction that this repository is bound to has ended.');
  }
}

async function interruptible<T>(stage: Stage, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Interruption || isDossierError(error) ? error : new Interruption(error, stage);
  }
}
