import { expect } from 'chai';
import { createDossier, type Profile } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { memoryStore, type SqliteStore } from './sqlite-store.js';

describe('a profile returned in a transaction of the host', () => {
  let store: SqliteStore;
  let instance: Knex;
  beforeEach(async () => {
    store = memoryStore();
    instance = store.open();
    await migrate(instance);
  });
  afterEach(() => store.dispose());

  async function servicesWithBruce() {
    const repository = new KnexProfileRepository(instance);
    const dossier = createDossier({ repository });
    const { profiles, schemas } = dossier;
    await schemas.define('1', {
      attributes: [{ name: 'Name', type: 'string' }],
      identificationKeys: [{ name: 'byName', attributes: ['Name'], unique: true }],
    });
    await profiles.create('1', { customerId: 'bruce', attributes: { Name: 'Bruce' } });
    const within = (transaction: Knex.Transaction) => dossier.within(transaction).profiles;
    const found = async (Name: string) => (await profiles.identify('1', { values: { Name } })).items.length;
    return { profiles, within, found };
  }

  it('R14 R22 is no base after a rollback, although another state has its revision', async () => {
    const { profiles, within, found } = await servicesWithBruce();
    const transaction = await instance.transaction();
    const basedOn: Profile = await within(transaction).replace('1', 'bruce', { attributes: { Name: 'Hulk' } });
    await transaction.rollback();
    // Another state with the same revision.
    await profiles.replace('1', 'bruce', { attributes: { Name: 'Robert' } });
    const refused = profiles.replace('1', 'bruce', { attributes: { Name: 'Banner' } }, { basedOn });
    expect(await refused.catch(({ code }) => code)).to.equal('revision_conflict');
    expect([await found('Hulk'), await found('Robert'), await found('Banner')]).to.deep.equal([0, 1, 0]);
  });

  it('R14 can be the base of the next replacement, in the transaction and after its commit', async () => {
    const { profiles, within, found } = await servicesWithBruce();
    const read = await profiles.get('1', 'bruce');
    const transaction = await instance.transaction();
    const bound = within(transaction);
    const first = await bound.replace('1', 'bruce', { attributes: { Name: 'Hulk' } }, { basedOn: read });
    const second = await bound.replace('1', 'bruce', { attributes: { Name: 'Robert' } }, { basedOn: first });
    await transaction.commit();
    await profiles.replace('1', 'bruce', { attributes: { Name: 'Banner' } }, { basedOn: second });
    expect([await found('Bruce'), await found('Hulk'), await found('Robert'), await found('Banner')]).to.deep.equal([
      0, 0, 0, 1,
    ]);
  });
});
