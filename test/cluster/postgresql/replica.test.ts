import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { createDossier, type ProfileService, type SchemaService } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex, { type Knex } from 'knex';
import { FailoverRepository } from '../../../examples/failover/failover-repository.js';
import { onlyPrimary } from '../../../examples/failover/only-primary.js';
import { ClusterScript, startOrSkip } from '../cluster-script.js';
import { Load, loadSchema } from '../load.js';

const WRITERS = 12;

describe('PostgreSQL with a streaming replica', () => {
  const script = new ClusterScript('postgresql-replica.sh');
  const instances: Knex[] = [];
  let onReplica: Knex;
  let profiles: ProfileService;
  let schemas: SchemaService;

  before('start primary and replica', async function () {
    const servers = await startOrSkip(this, () => script.start());
    const name = `dossier_test_${randomBytes(6).toString('hex')}`;
    // Connects to the default database: the replica may not have the new one yet.
    const [primary, replica] = servers.map((url) => open(url)) as [Knex, Knex];
    await primary.raw(`CREATE DATABASE ${name}`);
    await caughtUp(primary, replica);
    const urls = servers.map((url) => url + name);
    const writable = urls.map((url) => open(url, { min: 0, max: 10, afterCreate: onlyPrimary }));
    onReplica = open(urls[1]);
    await migrate(writable[0] as Knex);
    ({ profiles, schemas } = createDossier({
      repository: new FailoverRepository(writable.map((instance) => new KnexProfileRepository(instance))),
      replica: new KnexProfileRepository(onReplica),
    }));
    await schemas.define('1', loadSchema);
    await caughtUp(primary, replica);
  });
  after('stop both', async () => {
    await Promise.all(instances.map((instance) => instance.destroy()));
    await script.run('stop');
  });

  it('get and identify read from the replica, and from the primary with `fresh`', async () => {
    await profiles.create('1', { customerId: 'anna', attributes: { Count: 1, Email: 'one@example.com' } });
    await untilRead('anna');
    await onReplica.raw('SELECT pg_wal_replay_pause()');
    const attributes = { Count: 2, Email: 'two@example.com' };
    await profiles.replace('1', 'anna', { attributes });
    await schemas.define('1', {
      ...loadSchema,
      attributes: [...loadSchema.attributes, { name: 'Nick', type: 'string' }],
    });
    await profiles.replace('1', 'anna', { attributes: { ...attributes, Nick: 'Ann' } });
    await profiles.create('1', { customerId: 'bert', attributes: {} });

    const read = async (fresh: boolean) => {
      const found = async (Email: string) =>
        (await profiles.identify('1', { values: { Email }, fresh })).items.map(({ customerId }) => customerId);
      const bert = await profiles.get('1', 'bert', { fresh }).catch(({ code }) => code);
      const anna = await profiles.get('1', 'anna', { fresh });
      return [anna.attributes, bert.customerId ?? bert, await found('one@example.com'), await found('two@example.com')];
    };
    const now = [{ ...attributes, Nick: 'Ann' }, 'bert', [], ['anna']];
    expect(await read(false)).to.deep.equal([{ Count: 1, Email: 'one@example.com' }, 'not_found', ['anna'], []]);
    expect(await read(true)).to.deep.equal(now);
    await onReplica.raw('SELECT pg_wal_replay_resume()');
    await untilRead('bert');
    expect(await read(false)).to.deep.equal(now);
    await schemas.define('1', loadSchema);
  });

  it('the replica refuses writes', async () => {
    const { profiles: misdirected } = createDossier({ repository: new KnexProfileRepository(onReplica) });
    const refusal = await misdirected
      .replace('1', 'anna', { attributes: { Count: 3 } })
      .catch((error: unknown) => error);
    expect(refusal).to.deep.include({ code: 'storage_unavailable', outcomeUnknown: false });
  });

  it('after SIGKILL of the primary nothing acknowledged is lost, and the service continues after the promotion', async () => {
    const load = new Load([profiles], WRITERS);
    await load.start();
    await setTimeout(2000);
    await script.run('kill');
    const before = load.acknowledged;
    // Writes and fresh reads fail, but reads from the replica succeed.
    await profiles.get('1', 'writer-0');
    const refusal = await profiles.get('1', 'writer-0', { fresh: true }).catch((error: unknown) => error);
    expect(refusal).to.have.property('code', 'storage_unavailable');
    await script.run('promote');
    const seconds = await load.goesOn();
    await load.stop();
    expect(load.acknowledged).to.be.above(before);
    const lost = await load.lostOn(profiles);
    console.log(
      `      SIGKILL of the primary, continued ${seconds.toFixed(1)} s after the promotion: ` +
        `${load.acknowledged} acknowledged, ${load.refused} refused, lost ${lost}`,
    );
    expect(lost).to.equal(0);
  });

  function open(connection = '', pool: Knex.PoolConfig = { min: 0, max: 10 }): Knex {
    const instance = knex({ client: 'pg', connection, pool, log: { warn() {} } });
    instances.push(instance);
    return instance;
  }

  async function untilRead(customerId: string): Promise<void> {
    while ((await profiles.get('1', customerId).catch(() => undefined)) === undefined) await setTimeout(10);
  }
});

/** Waits until the replica has caught up with the primary. */
async function caughtUp(primary: Knex, replica: Knex): Promise<void> {
  const { rows } = await primary.raw('SELECT pg_current_wal_lsn()::text AS position');
  const { position } = rows[0];
  for (;;) {
    const { rows } = await replica.raw('SELECT pg_last_wal_replay_lsn() >= ?::pg_lsn AS has_all', [position]);
    if (rows[0].has_all) return;
    await setTimeout(10);
  }
}
