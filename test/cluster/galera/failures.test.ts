import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { createDossier, type ProfileService } from 'dossier';
import type { KnexProfileRepository } from 'dossier/knex';
import { FailoverRepository } from '../../../examples/failover/failover-repository.js';
import { startOrSkip } from '../cluster-script.js';
import { Load, loadSchema } from '../load.js';
import { GaleraDatabase, galeraCluster } from './galera-cluster.js';

/** The node that fails, as the script numbers it. */
const FAILING = 3;
const WRITERS = 12;

describe('failures of a Galera node under load', () => {
  before('start the Galera cluster', function () {
    return startOrSkip(this, galeraCluster);
  });

  let database: GaleraDatabase;
  /** Reads what is stored on each node. */
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

  it('after SIGKILL nothing acknowledged is lost, the others continue within seconds, and the node recovers', async () => {
    const { script } = await galeraCluster();
    await script.run('kill', FAILING);
    const seconds = await load.goesOn();
    const without = load.acknowledged;
    await script.run('restart', FAILING);
    await load.goesOn();
    await load.stop();
    expect(load.acknowledged).to.be.above(without);
    await expectSameOnAll(`SIGKILL of a node, continued after ${seconds.toFixed(1)} s`);
  });

  it('a partitioned node refuses to diverge, and recovers', async () => {
    const { script } = await galeraCluster();
    const partitioned = onNode[FAILING - 1] as ProfileService;
    await script.run('cut', FAILING);
    const seconds = await load.goesOn();
    for (const refused of [
      () => partitioned.replace('1', 'writer-0', { attributes: { Count: -1 } }),
      () => partitioned.get('1', 'writer-0'),
      () => partitioned.identify('1', { values: { Email: 'writer-0-0@example.com' } }),
    ]) {
      const answer = await refused().catch((error: unknown) => error);
      expect(answer).to.have.property('code', 'storage_unavailable');
    }
    const before = load.acknowledged;
    await load.goesOn();
    expect(load.acknowledged).to.be.above(before);
    await script.run('mend', FAILING);
    await load.goesOn();
    await load.stop();
    await expectSameOnAll(`a network partition, continued after ${seconds.toFixed(1)} s`);
  });

  async function expectSameOnAll(title: string): Promise<void> {
    const lost = [];
    for (const profiles of onNode) lost.push(await load.lostOn(profiles));
    console.log(`      ${title}: ${load.acknowledged} acknowledged, ${load.refused} refused, lost ${lost.join(', ')}`);
    expect(lost).to.deep.equal([0, 0, 0]);
  }
});

/** The service of a host that uses one node, and fails over to the others. */
function failoverFrom(nodes: readonly KnexProfileRepository[], first: number): ProfileService {
  const order = [...nodes.slice(first), ...nodes.slice(0, first)];
  return createDossier({ repository: new FailoverRepository(order) }).profiles;
}
