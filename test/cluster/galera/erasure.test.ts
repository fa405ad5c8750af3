import { createDossier } from 'dossier';
import { KnexProfileRepository } from 'dossier/knex';
import { erasureRaces } from '../../databases/knex/erasure-races.js';
import { startOrSkip } from '../cluster-script.js';
import { GaleraDatabase, galeraCluster } from './galera-cluster.js';

describe('erasure on Galera, by two nodes', () => {
  let database: GaleraDatabase;
  before('start the Galera cluster', function () {
    return startOrSkip(this, galeraCluster);
  });
  after(() => database?.dispose());

  erasureRaces(async () => {
    database = await GaleraDatabase.create();
    const open = (node: number) => createDossier({ repository: new KnexProfileRepository(database.open(node)) });
    return { dossiers: [open(0), open(1)], knex: database.open(2) };
  });
});
