import { expect } from 'chai';
import { createDossier } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';
import { PgBouncer, type PoolMode } from './pgbouncer.js';

const SERVER_CONNECTIONS = 5;
const CLIENTS = 20;
const ROUNDS = 10;

/**
 * How many connections each client has of its own; or `shared`, one pool for all, since PgBouncer in session mode keeps a
 * server connection for as long as a client is connected.
 */
const POOLS: Readonly<Record<PoolMode, number | 'shared'>> = { transaction: 1, session: 'shared' };

describeOnEachServer('PgBouncer', (server) => {
  if (server.client !== 'pg') return;
  for (const mode of ['transaction', 'session'] as const) {
    describe(`in ${mode} mode`, () => {
      let database: TestDatabase;
      let bouncer: PgBouncer;
      before(async function () {
        this.timeout(120_000);
        bouncer = await PgBouncer.start(server.url, mode, SERVER_CONNECTIONS);
        database = await createDatabase(server);
        const { schemas } = await dossierOf(database.open({ connection: addressOf(bouncer, database) }));
        await schemas.define('1', {
          attributes: [
            { name: 'Email', type: 'string' },
            { name: 'Count', type: 'integer' },
          ],
          identificationKeys: [{ name: 'byEmail', attributes: ['Email'], unique: true }],
        });
      });
      after(async () => {
        await bouncer?.stop();
        await database?.dispose();
      });

      it(`${CLIENTS} clients on ${SERVER_CONNECTIONS} server connections get right answers and no error`, async () => {
        const connection = addressOf(bouncer, database);
        const size = POOLS[mode];
        const open = (max: number) => database.open({ connection, pool: { min: 0, max } });
        const shared = size === 'shared' ? open(SERVER_CONNECTIONS) : undefined;
        const clients = Array.from({ length: CLIENTS }, () => shared ?? open(Number(size)));
        await Promise.all(clients.map((knex, client) => expectRightAnswers(knex, client)));
        if (shared === undefined) for (const knex of clients) await knex.destroy();
        else await shared.destroy();
      }).timeout(120_000);
    });
  }
});

/** The same account and database, by way of PgBouncer. */
function addressOf(bouncer: PgBouncer, database: TestDatabase): string {
  return Object.assign(new URL(bouncer.url), { pathname: `/${database.name}` }).href;
}

async function dossierOf(knex: Knex) {
  await migrate(knex);
  return createDossier({ repository: new KnexProfileRepository(knex) });
}

async function expectRightAnswers(knex: Knex, client: number): Promise<void> {
  const dossier = await dossierOf(knex);
  const { profiles } = dossier;
  const countOf = async (id: string) => (await profiles.get('1', id)).attributes.Count;
  for (let round = 0; round < ROUNDS; round++) {
    const id = `${client}-${round}`;
    const Email = `${id}@example.com`;
    await profiles.ping();
    await profiles.create('1', { customerId: id, attributes: { Email } });
    await profiles.replace('1', id, { attributes: { Email, Count: round } });
    expect(await countOf(id)).to.equal(round);
    const { items } = await profiles.identify('1', { values: { Email } });
    expect(items.map(({ customerId }) => customerId)).to.deep.equal([id]);
    // Only removes an entry.
    await profiles.replace('1', id, { attributes: { Count: round + 1 } });
    expect((await profiles.identify('1', { values: { Email } })).items).to.deep.equal([]);
    await knex.transaction(async (transaction) => {
      const bound = dossier.within(transaction).profiles;
      await bound.create('1', { customerId: `${id}b`, attributes: { Email, Count: 0 } });
      await bound.replace('1', id, { attributes: { Count: round + 2 } });
    });
    expect(await countOf(id)).to.equal(round + 2);
    await profiles.createMany('1', [
      { customerId: `${id}c`, attributes: {} },
      { customerId: `${id}d`, attributes: {} },
    ]);
    await profiles.merge('1', id, `${id}b`, { force: true });
    await profiles.delete('1', `${id}c`);
    expect(await profiles.get('1', `${id}b`).catch(({ code }) => code)).to.equal('not_found');
    const { items: merged } = await profiles.identify('1', { values: { Email } });
    expect(merged.map(({ customerId }) => customerId)).to.deep.equal([id]);
  }
}
