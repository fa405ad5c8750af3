import { expect } from 'chai';
import { type ChangePage, type ChangesOptions, createDossier, type Dossier } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { createDatabase, type DatabaseServer, describeOnEachServer, type TestDatabase } from '../database-server.js';
import { SCHEMA } from './load/customer-state.js';

const TENANTS = ['1', '2', '3'];
/** Of each tenant. */
const PROFILES = 1_000;
/** Of one profile. */
const STATES = 3_000;
/** Of a page. */
const LIMIT = 10;
/** Rows of tables and of intermediate results, and on PostgreSQL removed rows that its indexes still have. */
const MOST = 40 * LIMIT;
/** Of operations that read pages of former states, which have fifty whatever the limit. */
const MOST_WITH_STATES = 2_000;
const WITH_STATES = ['a page of former states', 'a merge and an unmerge'];

describeOnEachServer('rows read', (server) => {
  let database: TestDatabase;
  let knex: Knex;
  let repository: KnexProfileRepository;
  let dossier: Dossier;
  before(async () => {
    database = await createDatabase(server);
    // One connection: its rows are counted.
    knex = database.open({ pool: { min: 1, max: 1 } });
    await migrate(knex);
    if (server.client === 'pg') await withoutAutovacuum(knex);
    repository = new KnexProfileRepository(knex);
    dossier = createDossier({ repository, changes: true });
    for (const tenant of TENANTS) {
      await dossier.schemas.define(tenant, SCHEMA);
      const customers = Array.from({ length: PROFILES }, (_, number) => ({
        customerId: idOf(number),
        ...stateOf(number),
      }));
      await dossier.profiles.createMany(tenant, customers);
      await readAll((options) => dossier.profiles.changes(tenant, options));
    }
    for (let number = 0; number < PROFILES; number++) await dossier.profiles.replace('2', idOf(number), stateOf(-1));
    for (let count = 0; count < STATES; count++) await dossier.profiles.replace('2', idOf(0), stateOf(count));
    await readAll((options) => dossier.profiles.changes('2', options));
    // The server does so itself, within a minute after tables were filled. Those of MariaDB and MySQL have no statistics here.
    if (server.client === 'pg') await knex.raw('VACUUM ANALYZE');
  });
  after(() => database?.dispose());

  /** @returns the last cursor */
  async function readAll(read: (options: ChangesOptions) => Promise<ChangePage>): Promise<string> {
    let page = await read({ limit: 1_000 });
    while (page.items.length > 0) page = await read({ after: page.next, limit: 1_000 });
    return page.next;
  }

  /** Counts one run, after six others: PostgreSQL plans the first five runs of a statement for their values. */
  async function rowsRead(work: () => Promise<unknown>): Promise<number> {
    for (let run = 0; run < 6; run++) await work();
    const before = await rowsSoFar(server, knex);
    await work();
    return (await rowsSoFar(server, knex)) - before;
  }

  const operations: Readonly<Record<string, () => Promise<() => Promise<unknown>>>> = {
    'a page of the feed of a tenant': async () => {
      const { next } = await dossier.profiles.changes('2', { limit: PROFILES / 2 });
      return () => dossier.profiles.changes('2', { after: next, limit: LIMIT });
    },
    'a page of the feed of all tenants': async () => {
      const { next } = await dossier.changes({ limit: PROFILES / 2 });
      return () => dossier.changes({ after: next, limit: LIMIT });
    },
    'a line that has not been read': async () => {
      let { next } = await dossier.profiles.changes('1', { limit: PROFILES });
      let count = 0;
      return async () => {
        await dossier.profiles.replace('1', idOf(1), stateOf(count++));
        const page = await dossier.profiles.changes('1', { after: next, limit: LIMIT });
        expect(page.items).to.have.length(1);
        next = page.next;
      };
    },
    'a page of former states': async () => {
      const { next } = await dossier.profiles.history('2', idOf(0), { limit: LIMIT });
      return () => dossier.profiles.history('2', idOf(0), { after: next, limit: LIMIT });
    },
    'a former state': async () => () => dossier.profiles.at('2', idOf(0), STATES / 2),
    'a profile': async () => () => dossier.profiles.get('2', idOf(0), { extensions: 'all' }),
    'a page of profiles found': async () => () =>
      dossier.profiles.identify('2', { key: 'byCity', values: { City: 'Budapest' }, limit: LIMIT }),
    'profiles found by a value of an extension': async () => () =>
      dossier.profiles.identify('2', { key: 'byPhone', values: { 'Phone.Number': '1' }, limit: LIMIT }),
    'entries of a key that are dropped': async () => {
      const { key_name: key } = await knex('dossier_profile_keys').where({ tenant: '3' }).first('key_name');
      return async () => expect(await repository.dropEntries('3', String(key), LIMIT)).to.equal(LIMIT);
    },
    'profiles in the same turn': async () => () =>
      Promise.all(Array.from({ length: LIMIT }, (_, number) => dossier.profiles.get('2', idOf(number)))),
    'a page of profiles': async () => () => repository.page('2', { after: idOf(PROFILES / 2), limit: LIMIT }),
    'a replacement': async () => {
      let count = 0;
      return () => dossier.profiles.replace('2', idOf(2), stateOf(count++));
    },
    'replacements in the same turn': async () => {
      let count = 0;
      return () => {
        const attributes = { City: `City ${count++}`, Count: 0 };
        const ids = Array.from({ length: LIMIT }, (_, number) => idOf(10 + number));
        return Promise.all(ids.map((id) => dossier.profiles.replace('2', id, { ...stateOf(0), attributes })));
      };
    },
    'a patch': async () => {
      let count = 0;
      return () => dossier.profiles.patch('2', idOf(2), { attributes: { Count: count++ } });
    },
    creations: async () => {
      let count = PROFILES;
      return () =>
        dossier.profiles.createMany(
          '3',
          Array.from({ length: LIMIT }, () => ({ customerId: idOf(count++), ...stateOf(count) })),
        );
    },
    'a merge and an unmerge': async () => {
      let count = 100;
      return async () => {
        const source = idOf(count++);
        await dossier.profiles.merge('3', idOf(1), source);
        await dossier.profiles.unmerge('3', idOf(1), source);
      };
    },
    'a deletion': async () => {
      let count = 200;
      return () => dossier.profiles.delete('3', idOf(count++));
    },
    'an erasure': async () => {
      let count = 300;
      return () => dossier.profiles.erase('3', idOf(count++));
    },
    'retention of former states': async () => () =>
      repository.prune('2', { keep: 100, replacedBefore: '', after: idOf(PROFILES / 2), limit: LIMIT }),
    'retention of the feed': async () => () =>
      repository.pruneChanges('3', { before: new Date().toISOString(), limit: LIMIT }),
  };

  for (const [name, prepare] of Object.entries(operations)) {
    it(`are few for ${name}`, async () => {
      const most = WITH_STATES.includes(name) ? MOST_WITH_STATES : MOST;
      expect(await rowsRead(await prepare())).to.be.within(1, most);
    });
  }

  /** One read numbers a bounded number of them. */
  for (const [name, read] of Object.entries<(options: ChangesOptions) => Promise<ChangePage>>({
    'a tenant': (options) => dossier.profiles.changes('1', options),
    'all tenants': (options) => dossier.changes(options),
  })) {
    it(`do not grow with the lines of ${name} that nobody has read`, async () => {
      const counts: number[] = [];
      for (const lines of [5_000, 15_000]) {
        await knex('dossier_pending_changes').delete();
        const after = await readAll(read);
        await leaveLines(lines);
        if (server.client === 'pg') await knex.raw('VACUUM ANALYZE dossier_pending_changes');
        const before = await rowsSoFar(server, knex);
        expect((await read({ after, limit: LIMIT })).items).to.have.length(LIMIT);
        counts.push((await rowsSoFar(server, knex)) - before);
      }
      const [few = 0, many = 0] = counts;
      expect(many / few).to.be.below(1.5);
    });
  }

  let left = 0;
  /** Lines of three tenants, as commits leave them. */
  async function leaveLines(count: number): Promise<void> {
    const rows = Array.from({ length: count }, (_, number) => ({
      tenant: TENANTS[number % TENANTS.length] ?? '1',
      id: `left-${left++}`,
      revision: 1,
      at: new Date().toISOString(),
      operation: 'create',
      deleted: 0,
    }));
    await knex.batchInsert('dossier_pending_changes', rows, 1_000);
  }
});

function idOf(number: number): string {
  return `customer-${String(number).padStart(6, '0')}`;
}

function stateOf(count: number) {
  return { attributes: { City: 'Budapest', Count: count }, extensions: { Phone: [{ Number: '1' }] } };
}

/** While autovacuum works on a table, the server keeps removed rows in its indexes, where statements read them. */
async function withoutAutovacuum(knex: Knex): Promise<void> {
  const { rows } = await knex.raw('SELECT relname FROM pg_stat_user_tables');
  for (const { relname } of rows) await knex.raw('ALTER TABLE ?? SET (autovacuum_enabled = false)', [relname]);
}

/** Rows of tables and of indexes that the connection's statements have read so far. */
async function rowsSoFar({ client }: DatabaseServer, knex: Knex): Promise<number> {
  if (client === 'pg') {
    await knex.raw('SELECT pg_stat_force_next_flush()');
    const { rows } = await knex.raw(`
      SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables) + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes) AS count`);
    return Number(rows[0].count);
  }
  const [rows] = await knex.raw(`SHOW SESSION STATUS LIKE 'Handler_read%'`);
  return rows.reduce((sum: number, { Value }: { Value: string }) => sum + Number(Value), 0);
}
