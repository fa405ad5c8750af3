import type { Dialect } from '../dialect.js';
import { faultKind } from './faults.js';
import { bookkeeping, bookkeepingExists, migrations } from './migrations.js';
import { sessions } from './session.js';
import { statements } from './statements.js';

/** SQLite, by better-sqlite3. */
export const sqlite: Dialect = {
  withoutSchemas: 'left out, since SQLite has no schemas',
  quote: (name) => `"${name}"`,
  statements,
  sessions,
  faultKind,
  migrations,
  bookkeeping,
  bookkeepingExists,
  // A transaction begins by locking the database.
  migrationLock: {},
};
