import { migrate } from 'dossier/knex';
import knex from 'knex';
import { runOnSignal } from '../child-processes.js';

const [client = '', connection = ''] = process.argv.slice(2);

/** Migrates a database; reports the names of the migrations that it ran. */
await runOnSignal(async () => {
  const instance = knex({
    client,
    connection: client === 'better-sqlite3' ? { filename: connection } : connection,
    useNullAsDefault: true,
  });
  const ran = await migrate(instance);
  await instance.destroy();
  return ran;
});
