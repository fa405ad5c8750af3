import { KnexProfileRepository, migrate } from 'dossier/knex';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';
import knex from 'knex';
import { mountInHost } from './mounted-host.js';

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

/** The storages on which a test is run that looks through the interface at what is stored. A host knows nothing of them. */
export const STORAGES = mountInHost === undefined ? ALL : ALL.slice(0, 1);
