import { expect } from 'chai';
import { StorageUnavailableError } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { creation, firstSchema, HISTORY, update } from '../../adapters/knex/sample-changes.js';
import { createDatabase } from '../database-server.js';
import { describeOnOwnServers } from '../own-server.js';

/** Exhausts a resource of the server that new connections need. */
const EXHAUST = {
  pg: `ALTER ROLE CURRENT_USER CONNECTION LIMIT 0; ALTER ROLE CURRENT_USER NOSUPERUSER`,
  mysql2: 'SET GLOBAL max_prepared_stmt_count = 0',
};

describeOnOwnServers('a server with an exhausted resource', (server) => {
  it('is unavailable and changes nothing, while established connections continue to work', async () => {
    const database = await createDatabase(server());
    const early = database.open({ pool: { min: 0, max: 1 } });
    const late = database.open({ log: { warn() {} } });
    try {
      await migrate(early);
      const repository = new KnexProfileRepository(early);
      await repository.commitSchema('1', firstSchema);
      await repository.commit('1', [creation('anna')], HISTORY);
      await repository.commit('1', [update('anna', 1)], HISTORY);
      await early.raw(EXHAUST[server().client]);
      const without = new KnexProfileRepository(late);
      for (const work of [
        () => without.load('1', 'anna', { extensions: true }),
        () => without.commit('1', [update('anna', 2)], HISTORY),
        () => without.commit('1', [update('anna', 2), creation('bert')], HISTORY),
      ]) {
        const fault = await work().catch((error: unknown) => error);
        expect(fault).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', false);
      }
      expect(await repository.commit('1', [update('anna', 2)], HISTORY)).to.include({ outcome: 'committed' });
    } finally {
      await Promise.all([early, late].map((knex) => knex.destroy()));
    }
  }).timeout(20_000);
});
