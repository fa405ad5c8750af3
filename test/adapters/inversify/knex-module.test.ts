import { expect } from 'chai';
import { InvalidOptionsError } from 'dossier';
import { identifiers, knexModule } from 'dossier/inversify';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { Container } from 'inversify';
import { firstSchema } from '../knex/sample-changes.js';
import { memoryStore } from '../knex/sqlite-store.js';

describe('knexModule', () => {
  it('binds one repository for the tables in the options', async () => {
    const store = memoryStore();
    const knex = store.open();
    await migrate(knex, { tablePrefix: 'crm_' });
    const container = new Container();
    await container.load(knexModule({ knex, tablePrefix: 'crm_' }));

    const repository = container.get(identifiers.profileRepository);
    expect(repository).to.be.instanceOf(KnexProfileRepository);
    expect(container.get(identifiers.profileRepository)).to.equal(repository);
    await repository.commitSchema('1', firstSchema);
    expect(await knex('crm_profile_schemas').select('tenant', 'version')).to.deep.equal([{ tenant: '1', version: 1 }]);
    await store.dispose();
  });

  it('refuses options that are no object', () => {
    expect(() => knexModule(null as never)).to.throw(InvalidOptionsError);
  });

  it('does not close the Knex instance with the container', async () => {
    const store = memoryStore();
    const knex = store.open();
    const container = new Container();
    await container.load(knexModule({ knex }));
    container.get(identifiers.profileRepository);
    await container.unbindAll();
    expect(await knex.raw('SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    await store.dispose();
  });
});
