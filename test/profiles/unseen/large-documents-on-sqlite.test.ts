import { expect } from 'chai';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { memoryStore } from '../../adapters/knex/sqlite-store.js';
import { observe } from '../../observed-repository.js';
import { createServices, TENANT } from '../../service-harness.js';

describe('replacements of documents that are too large to compare in one turn of the event loop', () => {
  it('C1: leave a line that tells what changed as well', async () => {
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
