import { expect } from 'chai';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Change, IndexEntry, ReplaceChange } from 'dossier/storage';
import type { Knex } from 'knex';
import { creation, email, firstSchema, update } from '../../adapters/knex/sample-changes.js';
import { createDatabase, type DatabaseServer, describeOnEachServer, type TestDatabase } from '../database-server.js';

describeOnEachServer('round trips', (server) => {
  for (const history of [false, true]) {
    describe(history ? 'with history' : 'without history', () => describeRoundTrips(server, history));
  }

  it('C1: a line travels with its commit; MySQL takes one statement more', async () => {
    const database = await createDatabase(server);
    try {
      const knex = database.open({ pool: { min: 0, max: 1 } });
      await migrate(knex);
      const repository = new KnexProfileRepository(knex);
      await repository.commitSchema('1', firstSchema);
      const line = { changed: ['/Name'] };
      const options = { history: true, changes: true };
      await repository.commit('1', [{ ...creation('anna'), line }], options);
      const commit = (revision: number) => () => repository.commit('1', [update('anna', revision, { line })], options);
      await commit(1)();
      // A transaction of three: the former state, the next one, the line.
      expect(await countStatements(server, knex, commit(2))).to.equal(server.name === 'MySQL' ? 5 : 1);
    } finally {
      await database.dispose();
    }
  });
});

function describeRoundTrips(server: DatabaseServer, history: boolean): void {
  let database: TestDatabase;
  let knex: Knex;
  let repository: KnexProfileRepository;
  const commit = (...changes: Change[]) => repository.commit('1', changes, { history });
  before(async () => {
    database = await createDatabase(server);
    knex = database.open({ pool: { min: 0, max: 1 } });
    await migrate(knex);
    repository = new KnexProfileRepository(knex);
    await repository.commitSchema('1', firstSchema);
    await commit(creation('anna', [email('a')]), creation('bert'));
  });
  after(() => database?.dispose());

  const statements = async (work: () => Promise<unknown>, expected: unknown = undefined) => {
    let result: unknown;
    const count = await countStatements(server, knex, async () => {
      result = await work();
    });
    if (expected !== undefined) expect(result).to.deep.equal(expected);
    return count;
  };
  /** MySQL has no compound statements: there a commit of several steps is a transaction. */
  const commitOf = (steps: number) => (server.name === 'MySQL' ? steps + 2 : 1);
  /** Keeping the state that is replaced is a step of its own. */
  const replacementOf = (steps: number) => {
    if (history) return commitOf(steps + 1);
    return steps === 1 ? 1 : commitOf(steps);
  };
  const holders = async (entry: IndexEntry) =>
    (await repository.find('1', entry, { limit: 10, extensions: false })).profiles.map(({ customerId }) => customerId);

  it('a load takes one, with extensions or without', async () => {
    expect(await statements(() => repository.load('1', 'anna', { extensions: true }))).to.equal(1);
    expect(await statements(() => repository.load('1', 'anna', { extensions: false }))).to.equal(1);
  });

  it('batched loads take one per sixteen, after the first', async () => {
    const loads = (count: number) => () =>
      Promise.all(Array.from({ length: count }, () => repository.load('1', 'anna', { extensions: true })));
    expect(await statements(loads(1))).to.equal(1);
    expect(await statements(loads(17))).to.equal(2);
    expect(await statements(loads(40))).to.equal(4);
  });

  it('replacements that begin in one turn take one per sixteen, after the first; on MySQL a read and a transaction, on MariaDB one each', async () => {
    const ids = Array.from({ length: 33 }, (_, index) => `batched${index}`);
    await commit(...ids.map((id) => ({ ...creation(id), canonical: true })));
    const replaceAll = (count: number, Name: string) => () =>
      Promise.all(
        ids
          .slice(0, count)
          .map((customerId) => repository.replace('1', replacement(customerId, { Name }), { history })),
      );
    // Prepares and, on MySQL, asks once which server it is.
    await replaceAll(33, 'first')();
    const one = await statements(replaceAll(1, 'second'));
    const batch = server.name === 'MySQL' ? 1 + commitOf(history ? 2 : 1) : 1;
    const inAll = (count: number) => (server.name === 'MariaDB' ? count : one + ((count - 1) / 16) * batch);
    expect(await statements(replaceAll(17, 'third'))).to.equal(inAll(17));
    expect(await statements(replaceAll(33, 'fourth'))).to.equal(inAll(33));
  });

  it('a replacement without changed entries takes one commit', async () => {
    expect(await statements(() => commit(update('anna', 1, { extensions: {} })))).to.equal(replacementOf(1));
    expect(await statements(() => commit(update('anna', 2)))).to.equal(replacementOf(1));
  });

  it('a conflict takes one more', async () => {
    const moved = { outcome: 'revision_changed', index: 0, revision: 3 };
    expect(await statements(() => commit(update('anna', 1)), moved)).to.equal((history ? commitOf(1) : 1) + 1);
    expect(await statements(() => commit(creation('anna')), { outcome: 'id_taken', index: 0 })).to.equal(2);
  });

  it('a creation takes one commit, with entries or without', async () => {
    expect(await statements(() => commit(creation('carl', [email('c'), city])))).to.equal(commitOf(2));
    expect(await statements(() => commit(creation('dora')))).to.equal(1);
  });

  it('a replacement that changes entries takes one commit', async () => {
    const moved = update('carl', 1, { removeEntries: [email('c')], addEntries: [email('d')] });
    expect(await statements(() => commit(moved))).to.equal(replacementOf(3));
    expect(await statements(() => commit(update('carl', 2, { removeEntries: [city] })))).to.equal(replacementOf(2));
    expect(await statements(() => commit(update('carl', 3, { addEntries: [city] })))).to.equal(replacementOf(2));
    expect(await holders(email('d'))).to.deep.equal(['carl']);
    expect(await holders(email('c'))).to.deep.equal([]);
    expect(await holders(city)).to.deep.equal(['carl']);
  });

  it('a replacement without a load takes one, with changed entries or without; MySQL at most nine', async () => {
    const replace = (attributes: object, entries: IndexEntry[], extensions?: object, more?: Partial<ReplaceChange>) => {
      const given = { extensions: extensions as never, keys: ['idEmail', 'idCity'], entries, ...more };
      const change = replacement('unseen', attributes, given);
      return repository.replace('1', change, { history, changes: more?.line !== undefined });
    };
    await commit({ ...creation('unseen', [email('f'), city]), canonical: true });
    const outcomes: unknown[] = [];
    const counted = (...change: Parameters<typeof replace>) =>
      statements(async () => outcomes.push((await replace(...change)).outcome));
    const kept = history ? 1 : 0;
    const inSteps = (steps: number) => (server.name === 'MySQL' ? steps + kept + 2 : 1);
    // Prepares and, on MySQL, asks once which server it is.
    await replace({ Name: 'first' }, [email('f'), city]);
    expect(await counted({ Name: 'second' }, [email('f'), city])).to.equal(inSteps(3));
    expect(await counted({ Name: 'third' }, [email('0')], {})).to.equal(inSteps(5));
    expect(await counted({ Name: 'third' }, [email('0')], {})).to.be.at.most(inSteps(3));
    const expected = { revision: 4 };
    const line = { attributes: ['Name'], extensions: [] };
    expect(await counted({ Name: 'fourth' }, [email('0')], {}, { expected })).to.equal(inSteps(3));
    // The first one of its kind prepares.
    await replace({ Name: 'fifth' }, [email('0')], {}, { line });
    expect(await counted({ Name: 'sixth' }, [email('0')], {}, { line })).to.equal(inSteps(4));
    // Where no member changes from which entries are made, MySQL need not read these.
    const indexed = { attributes: ['Email'], extensions: [] };
    await replace({ Email: 'd' }, [email('0')], {}, { indexed });
    expect(await counted({ Email: 'd', Name: 'seventh' }, [email('0')], {}, { indexed })).to.equal(inSteps(2));
    expect(await counted({ Email: 'e' }, [email('0')], {}, { indexed })).to.equal(inSteps(3));
    expect(outcomes).to.deep.equal([
      ...['replaced', 'replaced', 'unchanged', 'replaced', 'replaced', 'replaced', 'replaced'],
    ]);
    expect(await holders(email('0'))).to.deep.equal(['unseen']);
    expect(await holders(city)).not.to.include('unseen');
  });

  it('a taken entry takes one more', async () => {
    const taken = { outcome: 'entry_taken', index: 0, key: 'idEmail' };
    expect(await statements(() => commit(creation('emil', [email('a')])), taken)).to.equal(commitOf(2) + 1);
    const moved = { outcome: 'revision_changed', index: 0, revision: 4 };
    const stale = update('carl', 1, { addEntries: [email('e')] });
    expect(await statements(() => commit(stale), moved)).to.equal(commitOf(1) + 1);
  });

  it('a deletion takes one commit, alone or with an update', async () => {
    const deletion = (customerId: string, expectedRevision: number, removeEntries: readonly IndexEntry[]) =>
      ({ ...update(customerId, expectedRevision), kind: 'delete', removeEntries }) as const;
    expect(await statements(() => commit(deletion('dora', 1, [])))).to.equal(replacementOf(1));
    const merge = [update('bert', 1, { addEntries: [email('d')] }), deletion('carl', 4, [email('d'), city])];
    expect(await statements(() => commit(...merge))).to.equal(commitOf(4));
    expect(await holders(email('d'))).to.deep.equal(['bert']);
    expect(await holders(city)).to.deep.equal([]);
  });

  it('a creation under the id of a deleted profile takes two more where the deletion is kept', async () => {
    const recreated = { outcome: 'committed', revisions: [history ? 3 : 1] };
    const expected = history ? 2 + replacementOf(1) : 1;
    expect(await statements(() => commit(creation('dora')), recreated)).to.equal(expected);
  });

  it('a thousand creations take one commit, with entries or without', async () => {
    const creations = (prefix: string) => Array.from({ length: 1000 }, (_, index) => creation(`${prefix}${index}`));
    expect(await statements(() => commit(...creations('p')))).to.equal(commitOf(1));
    expect(await statements(() => commit(...creations('q').map(withOwnEntry)))).to.equal(commitOf(2));
    expect((await repository.page('1', { after: 'p', limit: 1000 })).profiles).to.have.length(1000);
  });

  it('a find takes one, and so do a page and a page of states', async () => {
    expect(await statements(() => repository.find('1', email('a'), { limit: 100, extensions: true }))).to.equal(1);
    expect(await statements(() => repository.page('1', { limit: 100 }))).to.equal(1);
    expect(await statements(() => repository.history('1', 'anna', { limit: 100 }))).to.equal(1);
  });
}

function replacement(customerId: string, attributes: object, more: Partial<ReplaceChange> = {}): ReplaceChange {
  return {
    ...{ customerId, schemaVersion: 1, canonicalSince: 1, at: '2030-01-01T00:00:00.000Z' },
    metadata: { operation: 'replace' },
    attributes: attributes as never,
    ...{ keys: [], entries: [] },
    ...more,
  };
}

const city: IndexEntry = { key: 'idCity', digest: 'c'.repeat(64), unique: false };

/** Adds a unique entry that no other profile has. */
function withOwnEntry(change: ReturnType<typeof creation>): ReturnType<typeof creation> {
  const digest = Buffer.from(change.customerId).toString('hex').padEnd(64, '0');
  return { ...change, addEntries: [{ key: 'idOwn', digest, unique: true }] };
}

/** The number of statements sent to the server. */
async function countStatements(server: DatabaseServer, knex: Knex, work: () => Promise<unknown>): Promise<number> {
  if (server.client === 'pg') {
    // The pool has only one connection.
    const connection = await knex.client.acquireConnection();
    await knex.client.releaseConnection(connection);
    const { query } = connection;
    let count = 0;
    connection.query = (...values: unknown[]) => {
      count += 1;
      return query.apply(connection, values);
    };
    await work();
    connection.query = query;
    return count;
  }
  const questions = async () => {
    const [[status]] = await knex.raw(`SHOW SESSION STATUS LIKE 'Questions'`);
    return Number(status.Value);
  };
  const before = await questions();
  await work();
  // This query counts as well; preparing a statement, once per connection, does not.
  return (await questions()) - before - 1;
}
