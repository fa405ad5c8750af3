import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Change } from 'dossier/storage';
import type { Knex } from 'knex';
import { creation, email, firstSchema, HISTORY, update } from '../../adapters/knex/sample-changes.js';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';
import { atIsolation } from './connection-settings.js';

const { addEntries: _, ...deletion } = { ...update('anna', 1), kind: 'delete' as const };

const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  'a creation': [creation('bert')],
  'a creation with entries': [creation('bert', [email('b')])],
  'a replacement': [update('anna', 1)],
  'a replacement that changes entries': [update('anna', 1, { addEntries: [email('a')] })],
  'a deletion': [deletion],
  'backfilling a key': [{ ...update('anna', 1, { addEntries: [email('a')] }), kind: 'index' }],
  'a commit of several changes': [creation('bert'), update('anna', 1)],
};

describeOnEachServer('the schema lock of a commit', (server) => {
  for (const level of [undefined, server.otherIsolation]) {
    describe(level === undefined ? 'at the default isolation level' : `with ${level}`, () => {
      let database: TestDatabase;
      let knex: Knex;
      let repository: KnexProfileRepository;
      beforeEach(async () => {
        database = await createDatabase(server);
        knex = database.open(level === undefined ? {} : atIsolation(level));
        await migrate(knex);
        repository = new KnexProfileRepository(knex);
        await repository.commitSchema('1', firstSchema);
        await repository.commit('1', [creation('anna')], HISTORY);
      });
      afterEach(() => database?.dispose());

      for (const [title, changes] of Object.entries(CHANGES)) {
        it(`R16: ${title} waits for a schema change in progress, and then sees it`, async () => {
          let settled = false;
          const schemaChange = await knex.transaction();
          await schemaChange('dossier_profile_schemas').where({ tenant: '1' }).increment('version');
          const commit = repository.commit('1', changes, HISTORY).finally(() => {
            settled = true;
          });
          await setTimeout(100);
          expect(settled).to.equal(false);
          await schemaChange.commit();
          expect(await commit).to.deep.equal({ outcome: 'schema_changed', schemaVersion: 2 });
          expect((await repository.page('1', { limit: 10 })).profiles).to.have.length(1);
        });
      }
    });
  }
});
