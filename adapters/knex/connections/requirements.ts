import { StorageUnavailableError } from 'dossier';
import type { Statement } from '../sql/statement.js';
import type { Session } from './session.js';

/** A condition of a connection, and what to tell if it is not met. */
export interface Requirement {
  /** → 1 if it is not met. */
  readonly unmet: Statement;
  readonly message: string;
}

/** @throws StorageUnavailableError with the requirement's message, if it is not met */
export async function assertMet(session: Session, { unmet, message }: Requirement): Promise<void> {
  if (await isTrue(session, unmet)) throw new StorageUnavailableError(message);
}

/**
 * @param settings {@link Capabilities.settings}
 * @throws StorageUnavailableError with the settings without which values would change, or committed changes be lost
 */
export async function assertSettings(session: Session, settings: Statement | undefined): Promise<void> {
  if (settings === undefined) return;
  const { rows } = await session.query({ statement: settings, values: {} });
  const missing = String(rows[0]?.[0] ?? '');
  if (missing === '') return;
  throw new StorageUnavailableError(`The database connection lacks settings that Dossier needs. Set: ${missing}.`);
}

/** Whether a query of one value returns 1. */
export async function isTrue(session: Session, statement: Statement): Promise<boolean> {
  const { rows } = await session.query({ statement, values: {} });
  return Number(rows[0]?.[0]) === 1;
}
