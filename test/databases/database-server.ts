import { randomBytes } from 'node:crypto';
import knex, { type Knex } from 'knex';

/** A database server on which each test creates its own database. */
export interface DatabaseServer {
  readonly name: string;
  /** The environment variable that selects another server. */
  readonly variable: string;
  readonly client: 'pg' | 'mysql2';
  readonly url: string;
  /** `CREATE DATABASE` options with another collation or encoding. */
  readonly variations: Readonly<Record<string, string>>;
  /** An isolation level that is not the server's default, as `SET SESSION` takes it. */
  readonly otherIsolation: string;
  /** The statement that kills a connection by id; and the query for the id of the current one. */
  kill(connection: number): string;
  readonly ownConnection: string;
}

export const servers: readonly DatabaseServer[] = [
  {
    name: 'PostgreSQL',
    variable: 'DOSSIER_TEST_POSTGRES',
    client: 'pg',
    url: process.env.DOSSIER_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres',
    variations: {
      'the collation C': `ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0`,
      'a collation of ICU': `ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'de-u-ks-level1-kn' LOCALE 'C' TEMPLATE template0`,
    },
    otherIsolation: 'CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ',
    kill: (connection) => `SELECT pg_terminate_backend(${connection})`,
    ownConnection: 'SELECT pg_backend_pid() AS id',
  },
  {
    name: 'MariaDB',
    variable: 'DOSSIER_TEST_MARIADB',
    client: 'mysql2',
    url: process.env.DOSSIER_TEST_MARIADB ?? 'mysql://root@127.0.0.1:3306/',
    variations: {
      latin1: 'CHARACTER SET latin1 COLLATE latin1_german2_ci',
      'case-insensitive utf8mb4': 'CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci',
    },
    otherIsolation: 'TRANSACTION ISOLATION LEVEL READ COMMITTED',
    kill: (connection) => `KILL ${connection}`,
    ownConnection: 'SELECT connection_id() AS id',
  },
];

/** A database of one test. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** A host's Knex instance on it, closed by {@link dispose}. */
  open(options?: Knex.Config): Knex;
  dispose(): Promise<void>;
}

/** Creates a database under a random name. */
export async function createDatabase(server: DatabaseServer, definition = ''): Promise<TestDatabase> {
  const name = `dossier_test_${randomBytes(6).toString('hex')}`;
  await administer(server, `CREATE DATABASE ${name} ${definition}`);
  const url = Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
  const instances: Knex[] = [];
  return {
    name,
    url,
    open(options = {}) {
      const instance = knex({ client: server.client, connection: url, pool: { min: 0, max: 10 }, ...options });
      instances.push(instance);
      return instance;
    },
    async dispose() {
      await Promise.all(instances.map((instance) => instance.destroy()));
      await administer(server, `DROP DATABASE ${name}${server.client === 'pg' ? ' WITH (FORCE)' : ''}`);
    },
  };
}

/** Declares tests on each server. If a server does not respond, its tests are skipped with a note, or fail if `CI` is set. */
export function describeOnEachServer(title: string, body: (server: DatabaseServer) => void): void {
  for (const server of servers) {
    describe(`${title} on ${server.name}`, () => {
      before(async function () {
        try {
          await administer(server, 'SELECT 1');
        } catch (error) {
          if (process.env.CI) throw error;
          console.log(`      ${server.name} does not respond: skipped. Set ${server.variable} to use another server.`);
          this.skip();
        }
      });
      body(server);
    });
  }
}

/** Runs one statement outside all test databases. */
export async function administer(server: DatabaseServer, sql: string): Promise<void> {
  const instance = knex({
    client: server.client,
    connection: server.url,
    pool: { min: 0, max: 1 },
    log: { warn() {} },
  });
  try {
    await instance.raw(sql);
  } finally {
    await instance.destroy();
  }
}
