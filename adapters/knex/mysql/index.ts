import type { Dialect } from '../dialect.js';
import { faultKind } from './faults.js';
import { bookkeeping, bookkeepingExists, migrations } from './migrations.js';
import { sessions } from './session.js';
import { statements } from './statements.js';

/** MySQL from version 8, and MariaDB from version 10.6, both by mysql2. */
export const mySql: Dialect = {
  hasSchemas: true,
  quote: (name) => `\`${name}\``,
  statements,
  sessions,
  faultKind,
  migrations,
  bookkeeping,
  bookkeepingExists,
  // The names of locks are known throughout the server, and short.
  migrationLock: {
    acquire: `SELECT GET_LOCK(MD5(CONCAT(DATABASE(), :name)), 60)`,
    release: `SELECT RELEASE_LOCK(MD5(CONCAT(DATABASE(), :name)))`,
  },
};
