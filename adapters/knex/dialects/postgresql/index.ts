import type { Dialect } from '../dialect.js';
import { faultKind } from './faults.js';
import { bookkeeping, bookkeepingExists, createSchemaIfMissing, migrations } from './migrations.js';
import { sessions } from './session.js';
import { statements } from './statements.js';

/** PostgreSQL, by pg. */
export const postgreSql: Dialect = {
  quote: (name) => `"${name}"`,
  statements,
  // Whatever the connections' default: entries that were added while a statement waited for the lock of their profile are
  // visible to the next statement, which removes them with the profile.
  sessions: () => sessions({ isolationLevel: 'read committed' }),
  faultKind,
  // Independent of the database's collation.
  migrations: (tables) => migrations(tables, 'text COLLATE "C"', (column) => ` WHERE ${column} IS NOT NULL`),
  bookkeeping: (tables) => bookkeeping(tables, createSchemaIfMissing),
  bookkeepingExists,
  migrationLock: { acquire: 'SELECT 1, pg_advisory_xact_lock(hashtext(:name))' },
};

/**
 * CockroachDB, by pg. (YugabyteDB needs no dialect of its own: it works with the client `pg`.) Text compares by bytes, and
 * columns accept no collation. There are no advisory locks; serializable transactions order concurrent migrations.
 */
export const cockroachDb: Dialect = {
  ...postgreSql,
  sessions: () => sessions(),
  // It refuses statements of which several parts write the same table.
  statements: (tables) => ({ ...statements(tables), combine: undefined }),
  // A partial index on a column that the same transaction has added is refused.
  migrations: (tables) => migrations(tables, 'text'),
  // Its documentation does not promise `DO` blocks.
  bookkeeping: (tables) => bookkeeping(tables, (schema) => `CREATE SCHEMA IF NOT EXISTS ${schema}`),
  migrationLock: {},
};
