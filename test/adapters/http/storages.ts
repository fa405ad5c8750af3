import { KnexProfileRepository, migrate } from 'dossier/knex';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';
import knex from 'knex';
import { HOST_OF_SUITE } from './in-host.js';

export interface TestStorage {
  readonly name: string;
  readonly open: () => Promise<{ readonly repository: ProfileRepository; readonly close: () => Promise<void> }>;
}

const ALL: readonly TestStorage[] = [
  {
    name: 'memory',
    open: async () => ({ repository: new InMemoryProfileRepository(), close: async () => undefined }),
  },
  {
    name: 'SQLite',
    open: async () => {
      const database = knex({
        client: 'better-sqlite3',
        connection: { filename: ':memory:' },
        useNullAsDefault: true,
        pool: { min: 1, max: 1 },
      });
      await migrate(database);
      return { repository: new KnexProfileRepository(database), close: () => database.destroy() };
    },
  },
];

/** The storages of tests that check stored data through the API. One is enough behind a host, which does not touch storage. */
export const STORAGES = HOST_OF_SUITE === undefined ? ALL : ALL.slice(0, 1);
