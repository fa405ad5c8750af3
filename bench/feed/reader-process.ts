import { createDossier } from 'dossier';
import { KnexProfileRepository } from 'dossier/knex';
import { type Connection, connect } from './connection.js';
import { follow } from './reader.js';

export interface ReaderTask {
  readonly connection: Connection;
  readonly tenant: string;
  readonly history: 'all' | 'none';
}

// A reader with connections of its own. It tells that it is ready, and at the end, which any message tells, what it has read.
const { connection, tenant, history } = JSON.parse(process.argv[2] ?? '') as ReaderTask;
let hasEnded = false;
process.once('message', () => {
  hasEnded = true;
});
const knex = connect(connection, 2);
const { profiles } = createDossier({ repository: new KnexProfileRepository(knex), changes: true, history });
await profiles.ping();
process.send?.('ready');
const read = await follow(profiles, tenant, () => hasEnded);
// A large message takes a while.
await new Promise((resolve) => process.send?.(read, resolve));
await knex.destroy();
process.disconnect();
