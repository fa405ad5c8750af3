import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { createDossier } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { fileStore } from './sqlite-store.js';

const SECRET = 'Secret-Person-7391';
const BY = { actor: SECRET, reason: SECRET, origin: SECRET };

describe('an erasure in an SQLite file', () => {
  it('E1: after a VACUUM, no byte of the file has a value of the person', async () => {
    const store = await fileStore();
    const knex = store.open();
    const bytes = async () => {
      await knex.raw('PRAGMA wal_checkpoint(TRUNCATE)');
      return (await readFile(store.filename)).toString('latin1');
    };
    try {
      await migrate(knex);
      const { profiles, schemas } = createDossier({
        repository: new KnexProfileRepository(knex),
        changes: true,
      }).tenant('1');
      await schemas.define({ attributes: [{ name: 'Name', type: 'string' }] });
      const attributes = { Name: SECRET };
      await profiles.create({ customerId: 'ann', attributes }, { segment: SECRET, ...BY });
      await profiles.create({ customerId: 'amy', attributes: { Name: `${SECRET} again` } });
      await profiles.replace('ann', { attributes: {} }, BY);
      await profiles.merge('ann', 'amy', BY);
      expect(await bytes()).to.contain(SECRET);
      await profiles.erase('ann', { reason: 'Request 4711' });
      await knex.raw('VACUUM');
      const left = await bytes();
      expect(left).not.to.contain(SECRET);
      expect(left).to.contain('Request 4711');
    } finally {
      await store.dispose();
    }
  });

  it('E1: no statement of an erasure walks the tenant', async () => {
    const store = await fileStore();
    const knex = store.open();
    try {
      await migrate(knex);
      const queries: string[] = [];
      const { client } = knex;
      const connection = await client.acquireConnection();
      const prepare = connection.prepare.bind(connection);
      connection.prepare = (sql: string) => {
        queries.push(sql);
        return prepare(sql);
      };
      await client.releaseConnection(connection);
      const { profiles, schemas } = createDossier({
        repository: new KnexProfileRepository(knex),
        changes: true,
      }).tenant('1');
      await schemas.define({ attributes: [{ name: 'Name', type: 'string' }] });
      for (const customerId of ['ann', 'amy', 'bob']) await profiles.create({ customerId, attributes: {} });
      await profiles.merge('ann', 'amy');
      queries.length = 0;
      await profiles.erase('ann');
      const planned = queries.filter((sql) => /^(SELECT|UPDATE|DELETE)/.test(sql));
      expect(planned).to.have.length.of.at.least(6);
      for (const sql of planned) {
        const parameters = Array(sql.split('?').length - 1).fill('x');
        const plan = prepare(`EXPLAIN QUERY PLAN ${sql}`).all(parameters) as { readonly detail: string }[];
        for (const { detail } of plan) {
          expect(detail, sql).not.to.match(/^SCAN (?!CONSTANT)/);
          // The tenant alone finds its schema, and nothing else.
          const found = detail.startsWith('SEARCH s ')
            ? /\(tenant=\?\)/
            : /\(tenant=\? AND (id|counterpart|erasure)=\?/;
          if (detail.startsWith('SEARCH')) expect(detail, sql).to.match(found);
        }
      }
    } finally {
      await store.dispose();
    }
  });
});
