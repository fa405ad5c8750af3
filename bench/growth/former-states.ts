import type { Knex } from 'knex';
import type { Latency } from './measure.js';

/** The measurements on databases where each profile has former states. */
export interface FormerStates {
  readonly states: number;
  readonly latencies: readonly Latency[];
  /** The bytes that a former state takes in the table and in each of its indexes, by their names. */
  readonly sizes: readonly { readonly profiles: number; readonly bytes: Readonly<Record<string, number>> }[];
}

const HISTORY = 'dossier_profile_history';

/**
 * Gives each profile former states, by copying the rows that Dossier wrote as it copies them itself. The states of one
 * profile do not lie beside each other, since time passes between replacements: all profiles get their first state, then
 * all get their second.
 *
 * @param onProgress receives the number of states of each profile
 */
export async function fillFormerStates(
  knex: Knex,
  states: number,
  onProgress: (states: number) => void,
): Promise<void> {
  const own = ['revision', 'replaced_at'];
  const copied = Object.keys(await knex(HISTORY).columnInfo()).filter((column) => !own.includes(column));
  for (let revision = 1; revision <= states; revision++) {
    await knex.raw(`
      INSERT INTO ${HISTORY} (revision, replaced_at, ${copied})
      SELECT ${revision}, updated_at, ${copied} FROM dossier_profiles`);
    if (revision === 1) await knex('dossier_profiles').update({ revision: states + 1, operation: 'replace' });
    onProgress(revision);
  }
}

/** @param sizes of all tables and indexes, in bytes */
export function bytesPerState(sizes: ReadonlyMap<string, number>, states: number): Record<string, number> {
  const own = [...sizes].filter(([name]) => name.includes('profile_history'));
  return Object.fromEntries(own.map(([name, bytes]) => [name, bytes / states]));
}
