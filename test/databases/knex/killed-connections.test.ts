import { expect } from 'chai';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';
import { CustomerLoad } from './load/customer-load.js';
import { otherConnections } from './other-connections.js';

const WRITERS = 8;
/** How many operations must have failed before the test ends. Connecting to MySQL takes several times as long. */
const FAILURES = { PostgreSQL: 300, MariaDB: 300, MySQL: 100 };
/** Time for new connections to get to work: PostgreSQL needs tens of milliseconds for the first statement of each. */
const PAUSE_MS = 30;

describeOnEachServer('connections killed under load', (server) => {
  let database: TestDatabase;
  before(async () => {
    database = await createDatabase(server);
  });
  after(() => database?.dispose());

  it('R12 H1: nothing acknowledged is lost, nothing is written in part, and no outcome is misreported', async () => {
    const load = await CustomerLoad.begin(database.open({ log: { warn() {} } }), WRITERS);
    const administrator = database.open({ pool: { min: 0, max: 1 } });
    while (load.failed < FAILURES[server.name]) {
      for (const id of await otherConnections(server.client, administrator)) {
        // It may already be closed.
        await administrator.raw(server.kill(id)).catch(() => undefined);
      }
      const killedAt = performance.now();
      await load.until(() => performance.now() - killedAt > PAUSE_MS);
    }
    await load.end();
    expect(load.unknown).to.be.above(0);
    await load.ledger.expectStored(database.open());
  }).timeout(300_000);
});
