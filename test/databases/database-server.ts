import { randomBytes } from 'node:crypto';
import knex, { type Knex } from 'knex';
import { startMySql } from './mysql-script.js';

/** A database server on which each test creates its own database. */
export interface DatabaseServer {
  readonly name: 'PostgreSQL' | 'MariaDB' | 'MySQL';
  /** Present if it is of another release than the machine's. */
  readonly release?: string;
  /** The environment variable that selects another server. */
  readonly variable: string;
  readonly client: 'pg' | 'mysql2';
  /** Valid once it has started. */
  readonly url: string;
  /** Present where the tests start it themselves, unless the variable selects another. */
  start?(): Promise<void>;
  /** `CREATE DATABASE` options with another collation or encoding. */
  readonly variations: Readonly<Record<string, string>>;
  /** An isolation level that is not the server's default, as `SET SESSION` takes it. */
  readonly otherIsolation: string;
  /** The statement that kills a connection by id; and the query for the id of the current one. */
  kill(connection: number): string;
  readonly ownConnection: string;
}

/** What tests use of MariaDB and MySQL alike. */
const MYSQL_DIALECT = {
  client: 'mysql2',
  variations: {
    latin1: 'CHARACTER SET latin1 COLLATE latin1_german2_ci',
    'case-insensitive utf8mb4': 'CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci',
  },
  otherIsolation: 'TRANSACTION ISOLATION LEVEL READ COMMITTED',
  kill: (connection: number) => `KILL ${connection}`,
  ownConnection: 'SELECT connection_id() AS id',
} as const;

/** Debian has no MySQL to install beside MariaDB, so the tests bring their own. */
function ownMySql(): DatabaseServer {
  const given = process.env.DOSSIER_TEST_MYSQL;
  const server = {
    name: 'MySQL',
    variable: 'DOSSIER_TEST_MYSQL',
    url: given ?? 'mysql://root@127.0.0.1/',
    ...MYSQL_DIALECT,
    async start() {
      if (given === undefined) server.url = await startMySql();
    },
  } as const satisfies DatabaseServer as DatabaseServer & { url: string };
  return server;
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
    url: process.env.DOSSIER_TEST_MARIADB ?? 'mysql://root@127.0.0.1:3306/',
    ...MYSQL_DIALECT,
  },
  ownMySql(),
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
  for (const server of servers) describeOnServer(title, server, body);
}

/** As {@link describeOnEachServer} on one of them: files run side by side, so that the slowest tests have one per server. */
export function describeOn(name: DatabaseServer['name'], title: string, body: (server: DatabaseServer) => void): void {
  for (const server of servers) if (server.name === name) describeOnServer(title, server, body);
}

/** Declares tests on one server, with a note or a failure if it does not respond. */
export function describeOnServer(title: string, server: DatabaseServer, body: (server: DatabaseServer) => void): void {
  const name = [server.name, server.release].filter(Boolean).join(' ');
  describe(`${title} on ${name}`, () => {
    before(async function () {
      // The first time, MySQL is downloaded.
      this.timeout(300_000);
      try {
        await server.start?.();
        await administer(server, 'SELECT 1');
      } catch (error) {
        if (process.env.CI) throw error;
        console.log(`      ${name} does not respond: skipped. Set ${server.variable} to use another server.`);
        this.skip();
      }
    });
    body(server);
  });
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
