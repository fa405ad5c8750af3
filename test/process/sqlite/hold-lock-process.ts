import { openSqlite } from '../../adapters/knex/sqlite-store.js';

const [filename = '', holdMs = ''] = process.argv.slice(2);

/** Holds the write lock of a database for a while; reports when it has it, and when it has released it. */
const knex = openSqlite(filename);
const connection = await knex.client.acquireConnection();
connection.exec('BEGIN IMMEDIATE');
process.send?.('locked');
setTimeout(async () => {
  connection.exec('COMMIT');
  process.send?.('released');
  await knex.client.releaseConnection(connection);
  await knex.destroy();
}, Number(holdMs));
