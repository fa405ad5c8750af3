import { KnexProfileRepository } from 'dossier/knex';
import { HISTORY, update } from '../../adapters/knex/sample-changes.js';
import { openSqlite } from '../../adapters/knex/sqlite-store.js';
import { runOnSignal } from '../child-processes.js';

const [filename = '', attempts = ''] = process.argv.slice(2);

/** Concurrent replacements of one profile, all expecting revision 1; reports their outcomes. */
await runOnSignal(async () => {
  const knex = openSqlite(filename);
  const repository = new KnexProfileRepository(knex);
  const answers = await Promise.all(
    Array.from({ length: Number(attempts) }, () => repository.commit('1', [update('anna', 1)], HISTORY)),
  );
  await knex.destroy();
  return answers;
});
