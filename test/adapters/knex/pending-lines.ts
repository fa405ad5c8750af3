import { expect } from 'chai';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';

/** Makes the tables as they were before `0007_pending_changes`, with a line that has no position, and migrates them. */
export async function expectPendingLinesMoved(knex: Knex): Promise<void> {
  await migrate(knex);
  await knex('dossier_migrations').where({ name: '0007_pending_changes' }).delete();
  await knex.schema.dropTable('dossier_pending_changes');
  const line = { tenant: '1', id: 'anna', at: '2026-01-01T00:00:00.000000Z', operation: 'replace', deleted: 0 };
  await knex('dossier_profile_changes').insert([
    { ...line, revision: 1, changed: '["/Email"]', position: 1, overall: 1 },
    { ...line, revision: 2, changed: '["/Name"]' },
  ]);
  const counter = { newest: 1, overall: 1, removed: 0 };
  await knex('dossier_change_counters').insert(['', '1'].map((tenant) => ({ tenant, ...counter })));
  expect(await migrate(knex)).to.deep.equal(['0007_pending_changes']);
  const { lines } = await new KnexProfileRepository(knex).changes('1', { limit: 10 });
  expect(lines.map(({ revision, position, changed }) => ({ revision, position, changed }))).to.deep.equal([
    { revision: 1, position: 1, changed: ['/Email'] },
    { revision: 2, position: 2, changed: ['/Name'] },
  ]);
}
