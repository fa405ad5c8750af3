import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { createDossier, type ProfileService } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import type { Knex } from 'knex';
import { createDatabase, describeOnEachServer, type TestDatabase } from '../database-server.js';

describeOnEachServer('sticky connections', (server) => {
  let database: TestDatabase;
  let knex: Knex;
  let profiles: ProfileService;
  let connections: { __knex__disposed?: unknown }[];
  let checks: number;

  beforeEach(async () => {
    database = await createDatabase(server);
    connections = [];
    checks = 0;
    const validate = () => {
      checks += 1;
      return true;
    };
    const afterCreate = (connection: object, done: (error: unknown, connection: object) => void) => {
      connections.push(connection);
      done(undefined, connection);
    };
    const pool = { min: 0, max: 1, afterCreate, validate };
    knex = database.open({ pool, log: { warn() {} } });
    await migrate(knex);
    // Without former states, a change is one statement; MySQL needs a transaction for two, which Knex gives a connection.
    const services = createDossier({ repository: new KnexProfileRepository(knex), history: 'none' });
    profiles = services.profiles;
    await services.schemas.define('1', { attributes: [{ name: 'FirstName', type: 'string' }] });
    await profiles.create('1', { customerId: 'anna', attributes: { FirstName: 'Anna' } });
    await setImmediate();
  });
  afterEach(() => database?.dispose());

  it('serve the load and the write of a change', async () => {
    let requests = 0;
    knex.client.pool.on('acquireRequest', () => {
      requests += 1;
    });
    await profiles.patch('1', 'anna', { attributes: { FirstName: 'Hannah' } });
    expect(requests).to.equal(1);
  });

  it('return to the pool when the turn ends', async () => {
    await profiles.get('1', 'anna');
    await setImmediate();
    expect(knex.client.pool.numUsed()).to.equal(0);
    expect(knex.client.pool.numFree()).to.equal(1);
  });

  it('go to a host that waits for the pool before any other call', async () => {
    let calls = 0;
    let answered = false;
    const busy = (async () => {
      while (!answered) {
        await profiles.get('1', 'anna');
        calls += 1;
      }
    })();
    await setImmediate();
    const before = calls;
    await knex.raw('SELECT 1');
    answered = true;
    expect(calls - before).to.be.at.most(1);
    await busy;
  });

  it('return to the pool once a second, however busy the caller', async () => {
    const before = checks;
    const begin = performance.now();
    let calls = 0;
    while (performance.now() - begin < 2_200) {
      await profiles.get('1', 'anna');
      calls += 1;
    }
    expect(checks - before).to.be.within(2, 4);
    expect(calls).to.be.above(checks - before);
  });

  it('are not reused once the socket has ended', async () => {
    await profiles.get('1', 'anna');
    const [connection] = connections;
    if (connection) connection.__knex__disposed = 'The socket has ended.';
    await profiles.get('1', 'anna');
    expect(connections).to.have.length(2);
  });
});
