import { expect } from 'chai';
import {
  createDossier,
  type Dossier,
  isDossierError,
  type ProfileService,
  type SchemaService,
  StorageUnavailableError,
} from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { creation, email, firstSchema, HISTORY, update } from '../../adapters/knex/sample-changes.js';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';

const committed = { outcome: 'committed' };

describeOnEachServer("the host's transaction", (server) => {
  let database: TestDatabase;
  let knex: Knex;
  let repository: KnexProfileRepository;
  before(async () => {
    database = await createDatabase(server);
    knex = database.open();
    await migrate(knex);
    await knex.schema.createTable('orders', (table) => table.string('customer'));
    repository = new KnexProfileRepository(knex);
    await repository.commitSchema('1', firstSchema);
    await repository.commit('1', [creation('anna', [email('a')]), creation('bert', [email('b')])], HISTORY);
  });
  after(() => database?.dispose());

  it('commits rows of the host together with profiles, and continues after conflicts', async () => {
    await knex.transaction(async (transaction) => {
      const bound = repository.withTransaction(transaction);
      await transaction('orders').insert({ customer: 'anna' });
      expect(await bound.commit('1', [creation('anna')], HISTORY)).to.deep.equal({ outcome: 'id_taken', index: 0 });
      const taken = { outcome: 'entry_taken', index: 0, key: 'idEmail' };
      expect(await bound.commit('1', [creation('carl', [email('b')])], HISTORY)).to.deep.equal(taken);
      expect(await bound.commit('1', [update('anna', 1)], HISTORY)).to.include(committed);
    });
    expect(await knex('orders').pluck('customer')).to.deep.equal(['anna']);
    const { profile } = await repository.load('1', 'anna', { extensions: false });
    expect(profile?.revision).to.equal(2);
  });

  it('R14: sees what others have committed since it began, even if the host reads from a snapshot', async () => {
    const transaction = await knex.transaction({ isolationLevel: 'repeatable read' });
    const bound = repository.withTransaction(transaction);
    const before = (await bound.load('1', 'bert', { extensions: false })).profile?.revision ?? 0;
    expect(await repository.commit('1', [update('bert', before)], HISTORY)).to.include(committed);
    const answer = await bound.commit('1', [update('bert', before)], HISTORY).catch((error: unknown) => error);
    if (server.client === 'pg') {
      // PostgreSQL aborts such a transaction.
      expect(answer).to.be.instanceOf(StorageUnavailableError).with.property('outcomeUnknown', false);
    } else {
      expect(answer).to.deep.equal({ outcome: 'revision_changed', index: 0, revision: before + 1 });
    }
    await transaction.rollback();
  });

  it('is independent of identifiers and results that the host rewrites', async () => {
    const rewriting = database.open({
      wrapIdentifier: (name, quote) => quote(name.toLowerCase()),
      postProcessResponse: (result) =>
        Array.isArray(result) ? result : { ...result, rows: result.rows?.map(camelCase) },
    });
    const rewritten = new KnexProfileRepository(rewriting);
    await rewritten.ping();
    const { profiles } = await rewritten.page('1', { limit: 10 });
    expect(profiles.map((profile) => profile.customerId)).to.deep.equal(['anna', 'bert']);
  });

  it('R12: of concurrent changes, a refused one rolls back no other', async () => {
    await repository.commit('1', [creation('dora', [email('d')])], HISTORY);
    const answers = await knex.transaction(async (transaction) => {
      // Each in its own bound repository, as in two parts of a host.
      const refused = repository.withTransaction(transaction).commit('1', [creation('emil', [email('d')])], HISTORY);
      return Promise.all([refused, repository.withTransaction(transaction).commit('1', [update('dora', 1)], HISTORY)]);
    });
    expect(answers).to.deep.equal([
      { outcome: 'entry_taken', index: 0, key: 'idEmail' },
      { ...committed, revisions: [2] },
    ]);
    const { profile } = await repository.load('1', 'dora', { extensions: false });
    expect(profile?.revision).to.equal(2);
  });

  describe('that reads from a snapshot', () => {
    const schema = { attributes: [{ name: 'Name', type: 'string' }], identificationKeys: [] } as const;
    const withKey = { ...schema, identificationKeys: [{ name: 'byName', attributes: ['Name'] }] };
    let dossier: Dossier<Knex.Transaction>;
    let profiles: ProfileService;
    let schemas: SchemaService;
    let tenants = 100;
    let tenant: string;
    let transaction: Knex.Transaction;
    beforeEach(async () => {
      tenants += 1;
      tenant = `${tenants}`;
      dossier = createDossier({ repository });
      ({ profiles, schemas } = dossier);
      await schemas.define(tenant, schema);
      await profiles.create(tenant, { customerId: 'anna', attributes: { Name: 'Anna' } });
      transaction = await knex.transaction({ isolationLevel: 'repeatable read' });
      await transaction('orders').select();
    });
    // An open transaction would prevent dropping the database.
    afterEach(() => transaction.rollback());

    it('R14: replaces what others have replaced meanwhile, if the database can', async () => {
      const bound = dossier.within(transaction).profiles;
      await profiles.replace(tenant, 'anna', { attributes: { Name: 'Bea' } });
      const replaced = bound.replace(tenant, 'anna', { attributes: { Name: 'Cleo' } });
      if (server.client === 'pg') {
        expect(await codeOf(replaced)).to.equal('storage_unavailable');
        return;
      }
      expect((await replaced).revision).to.equal(3);
      await transaction.commit();
    });

    it('R16: replaces by a schema that others have defined meanwhile, if the database can', async () => {
      const bound = dossier.within(transaction).profiles;
      await schemas.define(tenant, {
        attributes: [...schema.attributes, { name: 'City', type: 'string', default: 'Rome' }],
      });
      const replaced = bound.replace(tenant, 'anna', { attributes: { Name: 'Cleo' } });
      if (server.client === 'pg') {
        expect(await codeOf(replaced)).to.equal('storage_unavailable');
        return;
      }
      expect((await replaced).attributes).to.deep.equal({ Name: 'Cleo', City: 'Rome' });
      await transaction.commit();
    });

    it('R21: backfills a new key from profiles that others have created meanwhile, or refuses it', async () => {
      await profiles.create(tenant, { customerId: 'bert', attributes: { Name: 'Bert' } });
      const defined = dossier.within(transaction).schemas.define(tenant, withKey);
      if (server.client === 'pg') {
        expect(await codeOf(defined)).to.equal('storage_unavailable');
        return;
      }
      await defined;
      await transaction.commit();
      const { items } = await profiles.identify(tenant, { key: 'byName', values: { Name: 'Bert' } });
      expect(items.map(({ customerId }) => customerId)).to.deep.equal(['bert']);
    });
  });
});

function codeOf(refused: Promise<unknown>): Promise<unknown> {
  return refused.then(
    () => 'nothing',
    (error: unknown) => (isDossierError(error) ? error.code : error),
  );
}

/** As hosts do that map `created_at` to `createdAt`. */
function camelCase(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
