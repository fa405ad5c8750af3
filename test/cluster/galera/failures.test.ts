import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { createDossier, type ProfileService } from 'dossier';
import type { KnexProfileRepository } from 'dossier/knex';
import { FailoverRepository } from '../../../examples/failover/failover-repository.js';
import { startOrSkip } from '../cluster-script.js';
import { Load, loadSchema } from '../load.js';
import { GaleraDatabase, galeraCluster } from './galera-cluster.js';

/** The node that fails, by the number that the script gives it. */
const FAILING = 3;
const WRITERS = 12;

describe('failures of a node of Galera in the middle of load', () => {
  before('start the Galera cluster', function () {
    return startOrSkip(this, galeraCluster);
  });

  let database: GaleraDatabase;
  /** What stands on each node. */
  let onNode: readonly ProfileService[];
  let load: Load;
  beforeEach(async () => {
    database = await GaleraDatabase.create();
    const nodes = database.repositories();
    const [first] = nodes.map((repository) => createDossier({ repository }));
    await first?.schemas.define('1', loadSchema);
    onNode = database.repositories().map((repository) => createDossier({ repository }).profiles);
    const services = nodes.map((_, index) => failoverFrom(nodes, index));
    load = new Load(services, WRITERS);
    await load.start();
    await setTimeout(1000);
  });
  afterEach(async () => {
    await load?.stop();
    await database?.dispose();
  });

  it('SIGKILL loses nothing acknowledged, the others go on within seconds, and the node comes back', async () => {
    const { script } = await galeraCluster();
    await script.run('kill', FAILING);
    const seconds = await load.goesOn();
    const without = load.acknowledged;
    await script.run('restart', FAILING);
    await load.goesOn();
    await load.stop();
    expect(load.acknowledged).to.be.above(without);
    await expectSameOnAll(`SIGKILL of a node, going on after ${seconds.toFixed(1)} s`);
  });

  it('a node that is cut off refuses, rather than diverge, and comes back', async () => {
    const { script } = await galeraCluster();
    const cutOff = onNode[FAILING - 1] as ProfileService;
    await script.run('cut', FAILING);
    const seconds = await load.goesOn();
    for (const refused of [
      () => cutOff.replace('1', 'writer-0', { attributes: { Count: -1 } }),
      () => cutOff.get('1', 'writer-0'),
      () => cutOff.identify('1', { values: { Email: 'writer-0-0@example.com' } }),
    ]) {
      const answer = await refused().catch((error: unknown) => error);
      expect(answer).to.have.property('code', 'storage_unavailable');
    }
    const apart = load.acknowledged;
    await load.goesOn();
    expect(load.acknowledged).to.be.above(apart);
    await script.run('mend', FAILING);
    await load.goesOn();
    await load.stop();
    await expectSameOnAll(`a cut between nodes, going on after ${seconds.toFixed(1)} s`);
  });

  async function expectSameOnAll(title: string): Promise<void> {
    const lost = [];
    for (const profiles of onNode) lost.push(await load.lostOn(profiles));
    console.log(`      ${title}: ${load.acknowledged} acknowledged, ${load.refused} refused, lost ${lost.join(', ')}`);
    expect(lost).to.deep.equal([0, 0, 0]);
  }
});

/** The service of a host that works with one node, and with the others when that fails. */
function failoverFrom(nodes: readonly KnexProfileRepository[], first: number): ProfileService {
  const order = [...nodes.slice(first), ...nodes.slice(0, first)];
  return createDossier({ repository: new FailoverRepository(order) }).profiles;
}
