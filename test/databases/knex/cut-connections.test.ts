import { expect } from 'chai';
import { createDossier, type ProfileService, StorageUnavailableError } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';
import { PARTS, TcpProxy } from '../tcp-proxy.js';
import { SCHEMA, TENANT } from './load/customer-state.js';
import { untilAlone } from './other-connections.js';
import { COMMITS, type WholeCommit } from './whole-commits.js';

/** More pieces than any commit takes, its connection included. */
const MAX_PIECES = 60;

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

  /** Has an attempt cut off later and later, until it comes to its end before the cut. */
  const cutEverywhere = async <Outcome>(
    commit: WholeCommit,
    attempt: (knex: Knex, id: string) => Promise<Outcome>,
    judge: (outcome: Outcome, id: string, tookPlace: boolean) => void | Promise<void>,
  ) => {
    for (const part of PARTS) {
      let hasCut = true;
      for (let piece = 1; hasCut; piece++) {
        attempts += 1;
        const id = `${attempts}-${part}-of-${piece}`;
        await commit.prepare(profiles, id);
        const knex = database.open({ connection: proxy.url, pool: { min: 0, max: 1 }, log: { warn() {} } });
        proxy.cutAt({ piece, part });
        const outcome = await attempt(knex, id);
        hasCut = proxy.heal();
        await knex.destroy();
        await untilAlone(server.client, direct);
        await judge(outcome, id, await commit.tookPlace(profiles, id));
        expect(piece).to.be.below(MAX_PIECES);
      }
    }
  };

  for (const commit of COMMITS) {
    it(`R12: ${commit.title} takes place or not, and is told so`, () =>
      cutEverywhere(
        commit,
        (knex, id) => {
          const cut = createDossier({ repository: new KnexProfileRepository(knex) });
          return errorOf(commit.carryOut(cut.profiles, id));
        },
        (error, id, tookPlace) => {
          if (error === undefined) return void expect(tookPlace, id).to.equal(true);
          expect(error, id).to.be.instanceOf(StorageUnavailableError);
          if (!(error as StorageUnavailableError).outcomeUnknown) expect(tookPlace, id).to.equal(false);
        },
      )).timeout(30_000);

    it(`R12: ${commit.title} takes place with what the host does in its transaction, or not`, () =>
      cutEverywhere(
        commit,
        async (knex, id) => {
          const repository = new KnexProfileRepository(knex);
          const cut = createDossier({ repository });
          let told: unknown;
          const error = await errorOf(
            knex.transaction(async (transaction) => {
              await transaction('orders').insert({ customer: id });
              const bound = cut.within(transaction).profiles;
              told = await errorOf(commit.carryOut(bound, id));
              if (told) throw told;
            }),
          );
          return { error, told };
        },
        async ({ error, told }, id, tookPlace) => {
          expect(await direct('orders').where({ customer: id }), id).to.have.length(tookPlace ? 1 : 0);
          if (error === undefined) expect(tookPlace, id).to.equal(true);
          if (told === undefined) return;
          expect(told, id).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', false);
          expect(tookPlace, id).to.equal(false);
        },
      )).timeout(30_000);
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
