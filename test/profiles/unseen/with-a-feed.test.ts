import { expect } from 'chai';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { describe, it } from 'mocha';
import { memoryStore } from '../../adapters/knex/sqlite-store.js';
import { observe } from '../../observed-repository.js';
import { BRUCE, createServices, SCHEMA, TENANT } from '../../service-harness.js';

describe('replacements where a feed is kept', () => {
  it('C1: are made in one step as well, and leave a line that tells what changed and where it came from', async () => {
    const { repository, calls } = observe();
    const { profiles, schemas } = createServices(repository, { changes: true });
    await schemas.define(TENANT, SCHEMA);
    const { customerId, attributes } = await profiles.create(TENANT, BRUCE);
    await profiles.replace(TENANT, customerId, { attributes: { ...attributes, LastName: 'Smash' } }, { origin: 'crm' });
    expect(calls).to.include('replace');
    const { items } = await profiles.changes(TENANT);
    expect(items.map(({ operation, origin, changed }) => [operation, origin, changed]).at(-1)).to.deep.equal([
      'replace',
      'crm',
      ['/LastName'],
    ]);
  });

  it('C1: say the same of documents that are too large to compare in one turn of the event loop', async () => {
    const store = memoryStore();
    try {
      const knex = store.open();
      await migrate(knex);
      const { repository, calls } = observe(new KnexProfileRepository(knex));
      const { profiles, schemas } = createServices(repository, { changes: true });
      const text = { name: 'Text', type: 'string', length: 4_000 } as const;
      await schemas.define(TENANT, {
        attributes: [{ name: 'Name', type: 'string' }],
        extensions: [{ name: 'Log', type: 'multi-valued', attributes: [text] }],
      });
      const Log = Array.from({ length: 100 }, (_, index) => ({ Text: String(index).padEnd(4_000) }));
      const { customerId } = await profiles.create(TENANT, { attributes: { Name: 'Ann' }, extensions: { Log } });
      await profiles.replace(TENANT, customerId, { attributes: { Name: 'Anne' }, extensions: { Log: Log.slice(1) } });
      expect(calls.slice(-3)).to.deep.equal(['replace', 'load', 'commit']);
      const { items } = await profiles.changes(TENANT);
      expect(items.at(-1)?.changed).to.deep.equal(['/Name', '/Log']);
    } finally {
      await store.dispose();
    }
  });
});
