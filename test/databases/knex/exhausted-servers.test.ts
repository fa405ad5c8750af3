import { expect } from 'chai';
import { StorageUnavailableError } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { creation, firstSchema, update } from '../../adapters/knex/sample-changes.js';
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
      await repository.commitSchema(firstSchema);
      await repository.commit([creation('anna')]);
      await repository.commit([update('anna', 1)]);
      await early.raw(EXHAUST[server().client]);
      const without = new KnexProfileRepository(late);
      for (const work of [
        () => without.load('1', 'anna', { extensions: true }),
        () => without.commit([update('anna', 2)]),
        () => without.commit([update('anna', 2), creation('bert')]),
      ]) {
        const fault = await work().catch((error: unknown) => error);
        expect(fault).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', false);
      }
      expect(await repository.commit([update('anna', 2)])).to.deep.equal({ outcome: 'committed' });
    } finally {
      await Promise.all([early, late].map((knex) => knex.destroy()));
    }
  }).timeout(20_000);
});
