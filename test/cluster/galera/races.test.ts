import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { createDossier, isDossierError, StorageUnavailableError } from 'dossier';
import { checkMigrations, KnexProfileRepository, migrate } from 'dossier/knex';
import type { IndexEntry, ProfileRepository } from 'dossier/storage';
import { upToDate } from '../../../examples/failover/up-to-date.js';
import { creation, email, firstSchema, HISTORY, update } from '../../adapters/knex/sample-changes.js';
import { startOrSkip } from '../cluster-script.js';
import { GaleraDatabase, galeraCluster } from './galera-cluster.js';

const NODES = [0, 1, 2] as const;

describe('concurrent writers on all three Galera nodes', () => {
  before('start the Galera cluster', function () {
    return startOrSkip(this, galeraCluster);
  });

  let database: GaleraDatabase;
  let nodes: readonly [ProfileRepository, ProfileRepository, ProfileRepository];
  beforeEach(async () => {
    database = await GaleraDatabase.create();
    const [first, second, third] = database.repositories();
    nodes = [first, second, third] as typeof nodes;
    await nodes[0].commitSchema('1', firstSchema);
  });
  afterEach(() => database?.dispose());

  it('R14: of writers that expect one revision exactly one succeeds, a hundred times', async () => {
    await nodes[0].commit('1', [creation('anna')], HISTORY);
    for (let revision = 1; revision <= 100; revision++) {
      const results = await Promise.all(nodes.map((node) => node.commit('1', [update('anna', revision)], HISTORY)));
      expect(results.map(({ outcome }) => outcome).sort()).to.deep.equal([
        'committed',
        'revision_changed',
        'revision_changed',
      ]);
    }
  });

  it('R19: of profiles that claim one unique entry exactly one has it, a hundred times', async () => {
    for (let round = 0; round < 100; round++) {
      const entry: IndexEntry = { key: 'idEmail', digest: round.toString(16).padStart(64, '0'), unique: true };
      const results = await Promise.all(
        NODES.map((node) => nodes[node].commit('1', [creation(`r${round}-n${node}`, [entry])], HISTORY)),
      );
      expect(results.map(({ outcome }) => outcome).sort()).to.deep.equal(['committed', 'entry_taken', 'entry_taken']);
      const { profiles } = (await nodes[round % 3]?.find('1', entry, { limit: 10, extensions: false })) ?? {
        profiles: [],
      };
      const winner = results.findIndex(({ outcome }) => outcome === 'committed');
      expect(profiles.map(({ customerId }) => customerId)).to.deep.equal([`r${round}-n${winner}`]);
    }
  });

  it('R16: once a schema change is acknowledged, no node commits by the previous version', async () => {
    const ids = Array.from({ length: 24 }, (_, index) => `writer-${index}`);
    await nodes[0].commit(
      '1',
      ids.map((id) => creation(id)),
      HISTORY,
    );
    const writing = new AbortController();
    const writers = ids.map((id, index) => writeUntil(writing.signal, nodes[index % 2 === 0 ? 1 : 2], id));
    const changes = 40;
    const seen = new Map<number, ReadonlyMap<string, number>>();
    try {
      for (let version = 1; version <= changes; version++) {
        const changed = await nodes[0].commitSchema('1', { ...firstSchema, expectedVersion: version });
        expect(changed).to.include({ outcome: 'committed' });
        const { profiles } = await nodes[0].page('1', { limit: 100 });
        seen.set(version, new Map(profiles.map(({ customerId, revision }) => [customerId, revision])));
        await setTimeout(50);
      }
    } finally {
      writing.abort();
    }
    const acknowledged = (await Promise.all(writers)).flat();
    const late = acknowledged.filter(
      ({ id, version, revision }) => revision > (seen.get(version)?.get(id) ?? Infinity),
    );
    expect(late).to.deep.equal([]);
    console.log(`      ${acknowledged.length} commits over ${changes} schema changes, none by an old version`);
    expect(acknowledged.length).to.be.above(changes);
  });

  it('R12, R21: a profile never keeps stale entries, even if another node adds them', async () => {
    const entry = email('e');
    for (let round = 0; round < 100; round++) {
      const id = `customer-${round}`;
      const added: IndexEntry = { ...entry, digest: round.toString(16).padStart(64, '0') };
      const removal = update(id, 1, { removeEntries: [added] });
      await nodes[0].commit('1', [creation(id)], HISTORY);
      const [, changed] = await Promise.all([
        nodes[1].commit('1', [{ ...update(id, 1, { addEntries: [added] }), kind: 'index' }], HISTORY),
        nodes[2].commit('1', [round % 2 === 0 ? removal : { ...removal, kind: 'delete' }], HISTORY),
      ]);
      expect(changed).to.include({ outcome: 'committed' });
      // Another profile can take the entry: it is free.
      expect(await nodes[0].commit('1', [creation(`other-${round}`, [added])], HISTORY)).to.include({
        outcome: 'committed',
      });
    }
  });

  it('R21: a key that two nodes backfill at once finds what a third one wrote while it was declared', async () => {
    const services = nodes.map((repository) => createDossier({ repository }));
    const missing: string[] = [];
    for (let round = 1; round <= 80; round++) {
      const tenantId = `tenant-${round}`;
      await services[0]?.schemas.define(tenantId, { attributes: [{ name: 'Email', type: 'string' }] });
      const ids = Array.from({ length: 40 }, (_, index) => `customer-${index}`);
      const creations = ids.map((id) => ({ ...creation(id), attributes: {}, extensions: {} }));
      await nodes[0].commit(tenantId, creations, HISTORY);
      const writing = ids.map(async (id) => {
        await setTimeout(Math.random() * 10);
        // By the previous version, which does not know the key; a late commit is refused.
        const change = update(id, 1, { attributes: { Email: id } });
        return (await persistently(() => nodes[2].commit(tenantId, [change], HISTORY))).outcome === 'committed'
          ? [id]
          : [];
      });
      const key = { name: 'byEmail', attributes: ['Email'] };
      await Promise.all(
        [0, 1].map(async (node) => {
          await setTimeout(Math.random() * 5);
          await services[node]?.schemas.addKey(tenantId, key).catch((error: unknown) => {
            if (!isDossierError(error) || error.code !== 'already_exists') throw error;
          });
        }),
      );
      for (const id of (await Promise.all(writing)).flat()) {
        const found = await services[0]?.profiles.identify(tenantId, { values: { Email: id } });
        if (found?.items.length !== 1) missing.push(`${tenantId}/${id}`);
      }
    }
    expect(missing).to.deep.equal([]);
  });

  it('R14: the services lose no increment', async () => {
    const services = nodes.map((repository) => createDossier({ repository }));
    await services[0]?.schemas.define('2', { attributes: [{ name: 'Count', type: 'integer' }] });
    await services[0]?.profiles.create('2', { customerId: 'anna', attributes: { Count: 0 } });
    const increments = 30;
    await Promise.all(
      services.map(async ({ profiles }) => {
        for (let done = 0; done < increments; ) {
          const profile = await profiles.get('2', 'anna');
          const attributes = { Count: Number(profile.attributes.Count) + 1 };
          try {
            await profiles.replace('2', 'anna', { attributes }, { ifRevision: profile.revision });
            done++;
          } catch (error) {
            if (!isDossierError(error) || error.code !== 'revision_conflict') throw error;
          }
        }
      }),
    );
    const { revision, attributes } = (await services[1]?.profiles.get('2', 'anna')) ?? {};
    expect({ revision, attributes }).to.deep.equal({
      revision: 1 + 3 * increments,
      attributes: { Count: 3 * increments },
    });
  });

  it('R16: a schema changed on one node applies to the very next call on the others', async () => {
    const services = nodes.map((repository) => createDossier({ repository }));
    for (let round = 1; round <= 30; round++) {
      const [one, other, third] = NODES.map((node) => services[(node + round) % 3]);
      const name = `Name${round}`;
      await one?.schemas.define('2', { attributes: [{ name, type: 'string', mandatory: true }] });
      const customerId = `customer-${round}`;
      const refusal = await other?.profiles
        .create('2', { customerId, attributes: {} })
        .catch((error: unknown) => error);
      expect(refusal).to.have.property('code', 'invalid_profile');
      await third?.profiles.create('2', { customerId, attributes: { [name]: 'a' } });
      expect((await other?.profiles.get('2', customerId))?.attributes).to.deep.equal({ [name]: 'a' });
    }
  });

  it('several nodes can migrate at once', async () => {
    const instances = NODES.map((node) => database.open(node));
    await Promise.all(instances.map((instance) => migrate(instance, { tablePrefix: 'again_' })));
    for (const instance of instances) {
      const { ready, applied } = await checkMigrations(instance, { tablePrefix: 'again_' });
      expect({ ready, applied }).to.deep.equal({
        ready: true,
        applied: [
          '0001_tables',
          '0002_history',
          '0003_erasure',
          '0004_changes',
          '0005_server_mode',
          '0006_replacement',
          '0007_pending_changes',
        ],
      });
    }
  });

  it('concurrent schema changes need a pool of only two connections, and a pool of one is refused', async () => {
    const pool = { min: 0, afterCreate: upToDate };
    const two = new KnexProfileRepository(database.open(1, { pool: { ...pool, max: 2 } }));
    const results = await Promise.all(
      Array.from({ length: 8 }, () => two.commitSchema('1', { ...firstSchema, expectedVersion: 1 })),
    );
    expect(results.filter(({ outcome }) => outcome === 'committed')).to.have.length(1);
    const one = new KnexProfileRepository(database.open(1, { pool: { ...pool, max: 1 } }));
    const refusal = await one
      .commitSchema('1', { ...firstSchema, expectedVersion: 2 })
      .catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(StorageUnavailableError).with.property('message').that.contains('at least two');
  });

  it('ping refuses a connection that may return stale rows', async () => {
    await nodes[0].ping();
    const repository = new KnexProfileRepository(database.open(1, { pool: { min: 0, max: 2 } }));
    const refusal = await repository.ping().catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(StorageUnavailableError).with.property('message').that.contains('wsrep_sync_wait');
  });
});

interface Acknowledged {
  readonly id: string;
  readonly version: number;
  readonly revision: number;
}

/** Updates one profile until aborted; after a schema change, by the new version. */
async function writeUntil(signal: AbortSignal, node: ProfileRepository, id: string): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  let version = 1;
  for (let revision = 1; !signal.aborted; ) {
    const result = await persistently(() =>
      node.commit('1', [update(id, revision, { schemaVersion: version })], HISTORY),
    );
    if (result.outcome === 'committed') acknowledged.push({ id, version, revision: ++revision });
    else if (result.outcome === 'schema_changed') version = result.schemaVersion ?? 0;
    else expect.fail(`The commit returned ${result.outcome}.`);
  }
  return acknowledged;
}

/** Retries a commit that schema changes in quick succession have aborted until the repository gave up, unchanged. */
async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StorageUnavailableError) || error.outcomeUnknown) throw error;
    }
  }
}
