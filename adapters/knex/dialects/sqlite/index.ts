import type { Dialect } from '../dialect.js';
import { faultKind } from './faults.js';
import { bookkeeping, bookkeepingExists, migrations } from './migrations.js';
import { sessions } from './session.js';
import { statements } from './statements.js';

/** SQLite, by better-sqlite3. */
export const sqlite: Dialect = {
  hasSchemas: false,
  quote: (name) => `"${name}"`,
  statements,
  sessions,
  faultKind,
  migrations,
  bookkeeping,
  bookkeepingExists,
  // Its transactions begin by locking the database.
  migrationLock: {},
};
