import { StorageUnavailableError } from 'dossier';
import type { Statement } from '../sql/statement.js';
import type { Session } from './session.js';

/**
 * @param settings the statement of that name, if there is one
 * @throws StorageUnavailableError when values would not come back as they were, or not stay
 */
export async function assertSettings(session: Session, settings: Statement | undefined): Promise<void> {
  if (settings === undefined) return;
  const { rows } = await session.query({ statement: settings, values: {} });
  const needed = String(rows[0]?.[0] ?? '');
  if (needed === '') return;
  throw new StorageUnavailableError(`Dossier needs other settings of the database or its connections: ${needed}.`);
}
