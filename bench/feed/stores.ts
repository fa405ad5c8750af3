import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDossier } from 'dossier';
import { KnexProfileRepository, migrate } from 'dossier/knex';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';
import { createMySqlDatabase, MARIADB_SERVER } from '../databases/mysql-database.js';
import { createPostgreSqlDatabase } from '../databases/postgresql-database.js';
import { type Connection, connect } from './connection.js';
import { follow, type Read } from './reader.js';
import type { ReaderTask } from './reader-process.js';

const PROCESS = fileURLToPath(new URL('./reader-process.ts', import.meta.url));

/** Where and until when a reader follows the feed. */
export interface Following {
  readonly tenant: string;
  readonly history: 'all' | 'none';
  readonly ended: AbortSignal;
}

export interface FeedStore {
  readonly repository: ProfileRepository;
  /** Follows the feed by connections of its own. Resolves once it does, to a function for what it has read in the end. */
  follow(following: Following): Promise<() => Promise<Read>>;
  close(): Promise<void>;
}

export const STORES = ['memory', 'sqlite', 'postgresql', 'mariadb', 'mysql'] as const;

export type StoreName = (typeof STORES)[number];

/** Create an empty store with its tables, for so many concurrent writers. */
export const stores: Readonly<Record<StoreName, (connections: number) => Promise<FeedStore>>> = {
  async memory() {
    const repository = new InMemoryProfileRepository();
    return {
      repository,
      follow: async ({ tenant, history, ended }) => {
        const { profiles } = createDossier({ repository, changes: true, history });
        const reading = follow(profiles, tenant, () => ended.aborted);
        return () => reading;
      },
      close: async () => undefined,
    };
  },
  async sqlite(connections) {
    const directory = await mkdtemp(join(tmpdir(), 'dossier-bench-'));
    const connection = { client: 'better-sqlite3', location: join(directory, 'bench.db') } as const;
    return onKnex(connection, connections, () => rm(directory, { recursive: true }));
  },
  async postgresql(connections) {
    const { url, drop } = await createPostgreSqlDatabase();
    return onKnex({ client: 'pg', location: url }, connections, drop);
  },
  mariadb: (connections) => onMySql(MARIADB_SERVER, connections),
  mysql: (connections) => onMySql(process.env.DOSSIER_TEST_MYSQL ?? MARIADB_SERVER, connections),
};

async function onMySql(server: string, connections: number): Promise<FeedStore> {
  const { url, drop } = await createMySqlDatabase(server);
  return onKnex({ client: 'mysql2', location: url }, connections, drop);
}

async function onKnex(connection: Connection, connections: number, drop: () => Promise<unknown>): Promise<FeedStore> {
  const knex = connect(connection, connections);
  await migrate(knex);
  return {
    repository: new KnexProfileRepository(knex),
    async follow({ ended, ...task }) {
      const readerTask: ReaderTask = { connection, ...task };
      const reader = fork(PROCESS, [JSON.stringify(readerTask)], { serialization: 'advanced' });
      await once(reader, 'message');
      ended.addEventListener('abort', () => reader.send('ended'));
      const reading = once(reader, 'message');
      return async () => (await reading)[0];
    },
    async close() {
      await knex.destroy();
      await drop();
    },
  };
}
