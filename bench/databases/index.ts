import type { OpenBenchDatabase } from './bench-database.js';
import { openMariaDb } from './mariadb.js';
import { openMemory } from './memory.js';
import { openMySql } from './mysql.js';
import { openPostgreSql } from './postgresql.js';
import { openSqlite } from './sqlite.js';

export const DATABASES = ['memory', 'sqlite', 'postgresql', 'mariadb', 'mysql'] as const;

/** Those that are reached by a network. */
export const SERVERS: readonly DatabaseName[] = ['postgresql', 'mariadb', 'mysql'];

export type DatabaseName = (typeof DATABASES)[number];

export const openers: Readonly<Record<DatabaseName, OpenBenchDatabase>> = {
  memory: openMemory,
  sqlite: openSqlite,
  postgresql: openPostgreSql,
  mariadb: openMariaDb,
  mysql: openMySql,
};
