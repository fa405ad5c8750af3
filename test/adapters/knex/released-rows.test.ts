import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { email, update } from './sample-changes.js';
import { memoryStore } from './sqlite-store.js';

describe('rows written by released versions', () => {
  it('0.1.0: are read, found and changed', async () => {
    const store = memoryStore();
    const knex = store.open();
    const script = await readFile(new URL('./fixtures/sqlite-0.1.0.sql', import.meta.url), 'utf8');
    for (const statement of script.split(/;\n/)) if (statement !== '') await knex.raw(statement.replaceAll('?', '\\?'));
    await migrate(knex);
    const repository = new KnexProfileRepository(knex);

    await repository.ping();
    const stored = await repository.loadSchema('1');
    expect(stored?.version).to.equal(1);
    expect(stored?.schema.attributes.map((attribute) => attribute.name)).to.deep.equal(['Name', 'Visits']);
    const [anna, bert] = await repository.page('1', { limit: 10 });
    expect(anna).to.deep.equal({
      customerId: 'anna',
      revision: 2,
      segment: 'gold ✓',
      attributes: { Name: "O'Neil 😀", Visits: 2 },
      extensions: {},
      createdAt: '2024-02-29T12:00:00.000Z',
      updatedAt: '2024-03-01T08:30:15.250Z',
    });
    expect(bert).to.deep.include({ revision: 1, segment: undefined, extensions: { Phone: [{ Number: '555' }] } });
    const holders = async (key: string, digest: string, unique = false) =>
      (await repository.find('1', { key, digest, unique }, { limit: 10, extensions: false })).profiles.map(
        (profile) => profile.customerId,
      );
    expect(await holders('idEmail', 'a'.repeat(64), true)).to.deep.equal(['anna']);
    expect(await holders('idCity', 'c'.repeat(64))).to.deep.equal(['anna', 'bert']);
    const taken = { outcome: 'entry_taken', index: 0, key: 'idEmail' };
    expect(await repository.commit([update('bert', 1, { addEntries: [email('a')] })])).to.deep.equal(taken);
    expect(await repository.commit([update('anna', 2)])).to.deep.equal({ outcome: 'committed' });
    await store.dispose();
  });
});
