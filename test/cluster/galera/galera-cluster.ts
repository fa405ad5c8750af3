import { randomBytes } from 'node:crypto';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import knex, { type Knex } from 'knex';
import { upToDate } from '../../../examples/failover/up-to-date.js';
import { LentInstances } from '../../adapters/knex/lent-instances.js';
import { emptyTables } from '../../adapters/knex/store-pool.js';
import { ClusterScript } from '../cluster-script.js';

/** The cluster that all tests share, and the URLs of its nodes. */
export interface GaleraCluster {
  readonly script: ClusterScript;
  readonly urls: readonly string[];
}

/** What `migrate` and repositories take where none is given. */
const TABLE_PREFIX = 'dossier_';

let running: Promise<GaleraCluster> | undefined;

/** Starts the cluster on the first call. It stops after the last test. */
export function galeraCluster(): Promise<GaleraCluster> {
  running ??= start();
  return running;
}

after('stop the Galera cluster', async () => {
  // If it did not start, the script has cleaned up.
  const cluster = await running?.catch(() => undefined);
  await cluster?.script.run('stop');
});

async function start(): Promise<GaleraCluster> {
  const script = new ClusterScript('galera-cluster.sh');
  return { script, urls: await script.start() };
}

/** A database on all nodes, for one test at a time. */
export class GaleraDatabase {
  readonly #urls: readonly string[];
  readonly #nodes: readonly LentInstances[];

  private constructor(urls: readonly string[]) {
    this.#urls = urls;
    this.#nodes = urls.map((url) => new LentInstances((options) => openNode(url, options)));
  }

  /** Creates a database with the tables, on all nodes. */
  static async create(): Promise<GaleraDatabase> {
    const { urls } = await galeraCluster();
    const name = `dossier_test_${randomBytes(6).toString('hex')}`;
    await administer(urls[0], `CREATE DATABASE ${name}`);
    const database = new GaleraDatabase(urls.map((url) => url + name));
    await migrate(database.open(0));
    // Queries wait for a change of tables to be applied on their node, but preparing a statement does not.
    for (const url of urls) await administer(url, 'SHOW DATABASES');
    return database;
  }

  /** A host's instance on one node, until the tables are emptied. */
  open(node: number, options?: Knex.Config): Knex {
    return (this.#nodes[node] as LentInstances).open(options);
  }

  /** One repository per node, each with its own connections. */
  repositories(): KnexProfileRepository[] {
    return this.#urls.map((_, node) => new KnexProfileRepository(this.open(node)));
  }

  /** Empties the tables for another test, which gets the instances that are still open: faster than a new database. */
  async empty(): Promise<void> {
    for (const node of this.#nodes) node.takeBack();
    await emptyTables(this.open(0), TABLE_PREFIX);
    for (const node of this.#nodes) node.takeBack();
  }

  async dispose(): Promise<void> {
    const name = new URL(this.#urls[0] ?? '').pathname.slice(1);
    await Promise.all(this.#nodes.map((node) => node.close()));
    await administer(this.#urls[0], `DROP DATABASE ${name}`);
  }
}

function openNode(url = '', options: Knex.Config = {}): Knex {
  const pool = { min: 0, max: 10, afterCreate: upToDate };
  return knex({ client: 'mysql2', connection: url, pool, log: { warn() {} }, ...options });
}

async function administer(url: string | undefined, sql: string): Promise<void> {
  const instance = openNode(url, { pool: { min: 0, max: 1 } });
  try {
    await instance.raw('SET SESSION wsrep_sync_wait = 31');
    await instance.raw(sql);
  } finally {
    await instance.destroy();
  }
}
