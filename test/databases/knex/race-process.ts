import { createDossier, isDossierError } from 'dossier';
import { KnexProfileRepository } from 'dossier/knex';
import knex from 'knex';
import { runOnSignal } from '../../process/child-processes.js';

const [client = '', connection = '', name = ''] = process.argv.slice(2);
const instance = knex({ client, connection, pool: { min: 1, max: 2 } });
const { profiles } = createDossier({ repository: new KnexProfileRepository(instance) });

/**
 * In each round, claims a value of a unique key, by a creation and by a replacement, and replaces a profile at a revision,
 * and one whatever its revision is; reports the results.
 */
await runOnSignal(
  async (round) => {
    const value = { customerId: `${name}-${round}`, attributes: { Email: `${round}` } };
    const representation = { attributes: { Name: `${name} ${round}` } };
    const unseen = { attributes: { Email: `${name} ${round}`, Name: `${name} ${round}` } };
    const [taking, replacing, claiming, overriding] = await Promise.all([
      codeOf(profiles.create('1', value)),
      codeOf(profiles.replace('1', 'contended', representation, { ifRevision: round + 1 })),
      codeOf(profiles.replace('1', `claiming-${name}`, { attributes: { Email: `claimed ${round}` } })),
      codeOf(profiles.replace('1', 'overridden', unseen)),
    ]);
    return { taking, replacing, claiming, overriding };
  },
  () => instance.destroy(),
);

async function codeOf(operation: Promise<unknown>): Promise<string> {
  try {
    await operation;
    return 'ok';
  } catch (error) {
    if (isDossierError(error)) return error.code;
    throw error;
  }
}
