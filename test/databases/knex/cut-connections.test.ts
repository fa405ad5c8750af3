import { expect } from 'chai';
import { createDossier, type ProfileService, StorageUnavailableError } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';
import { PARTS, TcpProxy } from '../tcp-proxy.js';
import { type AtomicCommit, COMMITS } from './atomic-commits.js';
import { SCHEMA, TENANT } from './load/customer-state.js';
import { untilAlone } from './other-connections.js';

/** More chunks than any commit takes, including its connection. */
const MAX_CHUNKS = 60;

describeOnEachServer('a connection cut at each point of a commit', (server) => {
  let database: TestDatabase;
  let direct: Knex;
  let profiles: ProfileService;
  let proxy: TcpProxy;
  let attempts = 0;
  before(async () => {
    database = await createDatabase(server);
    direct = database.open({ pool: { min: 0, max: 1 } });
    await migrate(direct);
    await direct.schema.createTable('orders', (table) => table.string('customer', 64));
    const services = createDossier({ repository: new KnexProfileRepository(direct) });
    await services.schemas.define(TENANT, SCHEMA);
    profiles = services.profiles;
    proxy = await TcpProxy.open(database.url);
  });
  after(async () => {
    proxy?.dispose();
    await database?.dispose();
  });

  /** Cuts one attempt after the other, each a chunk later, until one ends before the cut. */
  const cutEverywhere = async <Outcome>(
    commit: AtomicCommit,
    attempt: (knex: Knex, id: string) => Promise<Outcome>,
    judge: (outcome: Outcome, id: string, tookEffect: boolean) => void | Promise<void>,
  ) => {
    for (const part of PARTS) {
      let hasCut = true;
      for (let chunk = 1; hasCut; chunk++) {
        attempts += 1;
        const id = `${attempts}-${part}-of-${chunk}`;
        await commit.prepare(profiles, id);
        const knex = database.open({ connection: proxy.url, pool: { min: 0, max: 1 }, log: { warn() {} } });
        proxy.cutAt({ chunk, part });
        const outcome = await attempt(knex, id);
        hasCut = proxy.heal();
        await knex.destroy();
        await untilAlone(server.client, direct);
        await judge(outcome, id, await commit.tookEffect(profiles, id));
        expect(chunk).to.be.below(MAX_CHUNKS);
      }
    }
  };

  for (const commit of COMMITS) {
    it(`R12: ${commit.title} takes effect or not, as reported`, () =>
      cutEverywhere(
        commit,
        (knex, id) => {
          const cut = createDossier({ repository: new KnexProfileRepository(knex) });
          return errorOf(commit.run(cut.profiles, id));
        },
        (error, id, tookEffect) => {
          if (error === undefined) return void expect(tookEffect, id).to.equal(true);
          expect(error, id).to.be.instanceOf(StorageUnavailableError);
          if (!(error as StorageUnavailableError).outcomeUnknown) expect(tookEffect, id).to.equal(false);
        },
      )).timeout(120_000);

    it(`R12: ${commit.title} takes effect together with the host's transaction, or not`, () =>
      cutEverywhere(
        commit,
        async (knex, id) => {
          const repository = new KnexProfileRepository(knex);
          const cut = createDossier({ repository });
          let reported: unknown;
          const error = await errorOf(
            knex.transaction(async (transaction) => {
              await transaction('orders').insert({ customer: id });
              const bound = cut.within(transaction).profiles;
              reported = await errorOf(commit.run(bound, id));
              if (reported) throw reported;
            }),
          );
          return { error, reported };
        },
        async ({ error, reported }, id, tookEffect) => {
          expect(await direct('orders').where({ customer: id }), id).to.have.length(tookEffect ? 1 : 0);
          if (error === undefined) expect(tookEffect, id).to.equal(true);
          if (reported === undefined) return;
          expect(reported, id).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', false);
          expect(tookEffect, id).to.equal(false);
        },
      )).timeout(120_000);
  }
});

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}
