import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';
import knex, { type Knex } from 'knex';
import { createConnection } from 'mysql2/promise';
import { databaseName, pathOf } from '../databases/database-name.js';
import { createPostgreSqlDatabase } from '../databases/postgresql-database.js';
import { openSqliteFile } from '../databases/sqlite-file.js';

export interface FeedStore {
  /** Opens a repository with connections of its own. */
  open(connections: number): ProfileRepository;
  close(): Promise<void>;
}

export const STORES = ['memory', 'sqlite', 'postgresql', 'mariadb', 'mysql'] as const;

export type StoreName = (typeof STORES)[number];

/** Creates an empty store with its tables. */
export const stores: Readonly<Record<StoreName, () => Promise<FeedStore>>> = {
  async memory() {
    const repository = new InMemoryProfileRepository();
    return { open: () => repository, close: async () => undefined };
  },
  async sqlite() {
    const directory = await mkdtemp(join(tmpdir(), 'dossier-bench-'));
    return onKnex(
      () => openSqliteFile(join(directory, 'bench.db')),
      () => rm(directory, { recursive: true }),
    );
  },
  async postgresql() {
    const { url, drop } = await createPostgreSqlDatabase();
    return onKnex((max) => knex({ client: 'pg', connection: url, pool: { min: 0, max } }), drop);
  },
  mariadb: () => onMySql('DOSSIER_TEST_MARIADB'),
  mysql: () => onMySql('DOSSIER_TEST_MYSQL'),
};

async function onMySql(variable: string): Promise<FeedStore> {
  const server = process.env[variable] ?? 'mysql://root@127.0.0.1:3306/';
  const name = databaseName();
  const administer = async (sql: string) => {
    const connection = await createConnection(server);
    await connection.query(sql);
    await connection.end();
  };
  await administer(`CREATE DATABASE ${name}`);
  const url = pathOf(server, name);
  return onKnex(
    (max) => knex({ client: 'mysql2', connection: url, pool: { min: 0, max } }),
    () => administer(`DROP DATABASE ${name}`),
  );
}

async function onKnex(connect: (connections: number) => Knex, drop: () => Promise<unknown>): Promise<FeedStore> {
  const opened: Knex[] = [];
  const open = (connections: number) => {
    const instance = connect(connections);
    opened.push(instance);
    return instance;
  };
  await migrate(open(1));
  return {
    open: (connections) => new KnexProfileRepository(open(connections)),
    async close() {
      await Promise.all(opened.map((instance) => instance.destroy()));
      await drop();
    },
  };
}
