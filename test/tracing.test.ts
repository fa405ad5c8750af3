import { type ChannelListener, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect } from 'chai';
import { createDossier, StorageUnavailableError, type TraceMessage } from 'dossier';
import { InMemoryProfileRepository } from 'dossier/memory';

const SECRET = 'Bruce-Banner-1962';

describe('Tracing through node:diagnostics_channel', () => {
  const subscriptions: [name: string, listener: ChannelListener][] = [];

  function record(name: string): TraceMessage[] {
    const messages: TraceMessage[] = [];
    const listener: ChannelListener = (message) => messages.push({ ...(message as TraceMessage) });
    subscribe(name, listener);
    subscriptions.push([name, listener]);
    return messages;
  }

  afterEach(() => {
    for (const [name, listener] of subscriptions.splice(0)) unsubscribe(name, listener);
  });

  async function services() {
    const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository() });
    await schemas.define('1', { attributes: [{ name: 'FirstName', type: 'string' }] });
    return profiles;
  }

  it('publishes every operation with its tenant, outcome, attempts and duration', async () => {
    const started = record('tracing:dossier:operation:start');
    const ended = record('tracing:dossier:operation:asyncEnd');
    const profiles = await services();
    const { customerId } = await profiles.create('1', { attributes: {} });
    await profiles.get('1', customerId);
    const failure = await profiles.get('1', SECRET).catch((error: unknown) => error);
    expect(failure).to.have.property('code', 'not_found');

    expect(started.map(({ operation }) => operation)).to.deep.equal([
      'schemas.define',
      'profiles.create',
      'profiles.get',
      'profiles.get',
    ]);
    expect(ended.map(({ tenantId, outcome, attempts }) => ({ tenantId, outcome, attempts }))).to.deep.equal([
      { tenantId: '1', outcome: 'ok', attempts: 1 },
      { tenantId: '1', outcome: 'ok', attempts: 1 },
      { tenantId: '1', outcome: 'ok', attempts: 0 },
      { tenantId: '1', outcome: 'not_found', attempts: 0 },
    ]);
    for (const { durationMs } of ended) expect(durationMs).to.be.a('number').that.is.at.least(0);
  });

  it('counts the attempts of a change that met concurrent changes', async () => {
    const ended = record('tracing:dossier:operation:asyncEnd');
    const profiles = await services();
    const { customerId } = await profiles.create('1', { attributes: {} });
    await Promise.all(
      ['a', 'b', 'c'].map((FirstName) => profiles.patch('1', customerId, { attributes: { FirstName } })),
    );
    const attempts = ended.filter(({ operation }) => operation === 'profiles.patch').map((message) => message.attempts);
    expect(Math.max(...attempts)).to.be.greaterThan(1);
  });

  it('publishes every call of the repository, with the outcome of a commit', async () => {
    const ended = record('tracing:dossier:repository:asyncEnd');
    const profiles = await services();
    await profiles.create('1', { customerId: 'one', attributes: {} });
    await profiles.create('1', { customerId: 'one', attributes: {} }).catch(() => undefined);
    expect(ended.map(({ operation, outcome }) => `${operation}: ${outcome}`)).to.include.members([
      'commitSchema: committed',
      'commit: committed',
      'commit: id_taken',
    ]);
  });

  it("publishes the driver's code of a failure, if it is a plain word", async () => {
    const ended = record('tracing:dossier:operation:asyncEnd');
    for (const driverCode of ['53300', 'SQLITE_FULL', 'value of a profile']) {
      const repository = new InMemoryProfileRepository();
      repository.ping = async () => {
        throw new StorageUnavailableError('It is down.', { driverCode });
      };
      await createDossier({ repository })
        .profiles.ping()
        .catch(() => undefined);
    }
    expect(ended.map(({ driverCode }) => driverCode)).to.deep.equal(['53300', 'SQLITE_FULL', undefined]);
  });

  it('never publishes a value or a customer id', async () => {
    const everything = ['operation', 'repository'].flatMap((what) =>
      ['start', 'asyncEnd', 'error'].map((event) => record(`tracing:dossier:${what}:${event}`)),
    );
    const profiles = await services();
    await profiles.create('1', { customerId: SECRET, attributes: { FirstName: SECRET } });
    await profiles.replace('1', SECRET, { attributes: { FirstName: `${SECRET}!` } });
    await profiles.replace('1', SECRET, { attributes: { FirstName: [SECRET] } }).catch(() => undefined);
    expect(everything.flat()).to.have.length.greaterThan(10);
    expect(JSON.stringify(everything)).not.to.include(SECRET);
  });
});
