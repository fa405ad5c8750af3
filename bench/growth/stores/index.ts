import { openMariaDbStore } from './mariadb.js';
import { openPostgreSqlStore } from './postgresql.js';
import { openSqliteStore } from './sqlite.js';
import type { OpenStore } from './store.js';

export const STORES = {
  sqlite: openSqliteStore,
  postgresql: openPostgreSqlStore,
  mariadb: openMariaDbStore,
} satisfies Record<string, OpenStore>;

export type StoreName = keyof typeof STORES;
