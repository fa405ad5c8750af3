import { expect } from 'chai';
import { migrate } from 'dossier/knex';
import { statements } from '../../../adapters/knex/dialects/sqlite/statements.js';
import type { Statement } from '../../../adapters/knex/sql/statement.js';
import { tablesOf } from '../../../adapters/knex/sql/tables.js';
import { openSqlite } from './sqlite-store.js';

/** Tables that grow, and their aliases: profiles, former states, index entries, and lines with a position. */
const LARGE = 'p|q|h|k|l|dossier_profiles|dossier_profile_(?:history|keys|changes)';
/** Without statistics, SQLite takes a tenant for ten rows. */
const READS_MANY = new RegExp(`^(SCAN (${LARGE})|SEARCH (${LARGE}) .*\\(tenant=\\?\\))( |$)`);

describe('SQLite: query plans', () => {
  it('no statement reads all rows of a tenant or of a table, also where there are no statistics', async () => {
    const knex = openSqlite(':memory:');
    try {
      await migrate(knex);
      const many: Record<string, readonly string[]> = {};
      let explained = 0;
      // What tells whether all tables are there never reads a row of them.
      const { ping: _, ...others } = statements(tablesOf({}, (name) => `"${name}"`));
      for (const [name, { sql, parameters }] of statementsIn('', others)) {
        const plan: readonly { detail: string }[] = await knex.raw(
          `EXPLAIN QUERY PLAN ${sql}`,
          parameters.map(() => ''),
        );
        explained += 1;
        const steps = plan.map(({ detail }) => detail).filter((detail) => READS_MANY.test(detail));
        if (steps.length > 0) many[name] = steps;
      }
      expect(many).to.deep.equal({});
      expect(explained).to.be.greaterThan(40);
    } finally {
      await knex.destroy();
    }
  });
});

/** Those that are made for each replacement are left out: they read one row by its primary key. */
function* statementsIn(path: string, value: unknown): Generator<readonly [string, Statement]> {
  if (typeof value !== 'object' || value === null) return;
  if ('sql' in value && 'parameters' in value) yield [path, value as Statement];
  else for (const [name, member] of Object.entries(value)) yield* statementsIn(`${path}.${name}`, member);
}
