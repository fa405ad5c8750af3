import { expect } from 'chai';
import { createDossier, type ReferencedError } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';

/** Where deletions are not kept, a row of the host that refers to a profile keeps it from being deleted. */
export async function expectForeignKeyRespected(knex: Knex, driverCode: string): Promise<void> {
  await migrate(knex);
  const repository = new KnexProfileRepository(knex);
  const dossier = createDossier({ repository, history: 'none' });
  const { profiles, schemas } = dossier;
  await schemas.define('1', {
    attributes: [{ name: 'Email', type: 'string' }],
    identificationKeys: [{ name: 'byEmail', attributes: ['Email'] }],
  });
  const attributes = { Email: 'bruce@example.com' };
  await profiles.create('1', { customerId: 'bruce', attributes });
  await profiles.create('1', { customerId: 'robert', attributes: {} });
  await createOrders(knex);
  await knex('orders').insert({ tenant: '1', customer: 'bruce' });

  const refused = [
    () => profiles.delete('1', 'bruce'),
    () => profiles.merge('1', 'robert', 'bruce'),
    () => knex.transaction((transaction) => dossier.within(transaction).profiles.delete('1', 'bruce')),
  ];
  for (const work of refused) {
    const error = await work().then(
      () => expect.fail('It was not refused.'),
      (reason: ReferencedError) => reason,
    );
    expect(error).to.include({ code: 'referenced', driverCode });
  }
  expect((await profiles.get('1', 'bruce')).attributes).to.deep.equal(attributes);
  expect((await profiles.get('1', 'robert')).revision).to.equal(1);
  expect((await profiles.identify('1', { values: attributes })).items).to.have.length(1);

  await profiles.replace('1', 'bruce', { attributes: {} });
  await createDossier({ repository }).profiles.delete('1', 'bruce');
  expect(await knex('orders').pluck('customer'), 'where the deletion is kept').to.deep.equal(['bruce']);
  await knex('orders').delete();
  await profiles.delete('1', 'robert');
}

/** The columns that refer to a profile must have the type and collation of those that they refer to. */
async function createOrders(knex: Knex): Promise<void> {
  const text = {
    'better-sqlite3': 'text',
    pg: 'text COLLATE "C"',
    mysql2: 'VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin',
  }[String(knex.client.driverName)];
  await knex.raw(`CREATE TABLE orders (tenant ${text}, customer ${text},
    FOREIGN KEY (tenant, customer) REFERENCES dossier_profiles (tenant, id))`);
}
