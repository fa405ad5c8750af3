import type { Dialect } from '../dialect.js';
import { faultKind } from './faults.js';
import { bookkeeping, bookkeepingExists, createSchemaIfMissing, migrations } from './migrations.js';
import { sessions } from './session.js';
import { statements } from './statements.js';

/** PostgreSQL, by pg. */
export const postgreSql: Dialect = {
  hasSchemas: true,
  quote: (name) => `"${name}"`,
  statements,
  // Whatever the connections' own level: entries added while a statement waited for the lock of their profile are seen by
  // the next one, and go with the profile.
  sessions: () => sessions({ isolationLevel: 'read committed' }),
  faultKind,
  // Whatever the database's collation.
  migrations: (tables) => migrations(tables, 'text COLLATE "C"'),
  bookkeeping: (tables) => bookkeeping(tables, createSchemaIfMissing),
  bookkeepingExists,
  migrationLock: { acquire: 'SELECT 1, pg_advisory_xact_lock(hashtext(:name))' },
};

/**
 * CockroachDB, which speaks PostgreSQL's language, as YugabyteDB does with the client `pg`. Text compares by bytes there,
 * and no column may say so. It has no advisory locks; of two migrations at once, its serializable transactions let one
 * go first.
 */
export const cockroachDb: Dialect = {
  ...postgreSql,
  sessions: () => sessions(),
  // It takes only one part of a statement to write a table.
  statements: (tables) => ({ ...statements(tables), combine: undefined }),
  migrations: (tables) => migrations(tables, 'text'),
  // A block of code, which looks first whether there is one, is more than its documentation promises.
  bookkeeping: (tables) => bookkeeping(tables, (schema) => `CREATE SCHEMA IF NOT EXISTS ${schema}`),
  migrationLock: {},
};
