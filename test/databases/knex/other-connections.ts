import { setTimeout } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { DatabaseServer } from '../database-server.js';

/** The ids of all other connections to the database. */
export async function otherConnections(client: DatabaseServer['client'], knex: Knex): Promise<number[]> {
  const answer = await knex.raw(
    client === 'pg'
      ? 'SELECT pid AS id FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()'
      : 'SELECT id AS id FROM information_schema.processlist WHERE db = DATABASE() AND id <> connection_id()',
  );
  return (answer.rows ?? answer[0]).map((row: { id: number }) => row.id);
}

/** Waits until the server has closed all other connections. */
export async function untilAlone(client: DatabaseServer['client'], knex: Knex): Promise<void> {
  while ((await otherConnections(client, knex)).length > 0) await setTimeout(2);
}
