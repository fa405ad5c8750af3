import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { createDatabase } from '../database-server.js';
import { describeOnOwnServers } from '../own-server.js';
import { CustomerLoad } from './load/customer-load.js';

const WRITERS = 8;
const KILLS = 3;
/** So many more, until one of them has hit a commit: only then has an operation an unknown outcome. */
const MORE_KILLS = 12;
/** How many operations are acknowledged before the next kill. */
const BETWEEN = 200;

describeOnOwnServers('a server killed under load', (server) => {
  it('R12 H1: nothing acknowledged is lost, nothing is written in part, and the service recovers by itself', async () => {
    // Removed with the server.
    const database = await createDatabase(server());
    const knex = database.open({ log: { warn() {} } });
    try {
      const load = await CustomerLoad.begin(knex, WRITERS);
      const progress = () => {
        const goal = load.acknowledged + BETWEEN;
        return load.until(() => load.acknowledged >= goal);
      };
      for (let kill = 1; kill <= KILLS || (load.unknown === 0 && kill <= KILLS + MORE_KILLS); kill++) {
        await progress();
        const { failed } = load;
        await server().kill9();
        await load.until(() => load.failed > failed);
        await setTimeout(50 * Math.min(kill, KILLS));
        await server().start();
      }
      await progress();
      await load.end();
      expect(load.unknown).to.be.above(0);
      await load.ledger.expectStored(knex);
    } finally {
      await knex.destroy();
    }
  }).timeout(300_000);
});
