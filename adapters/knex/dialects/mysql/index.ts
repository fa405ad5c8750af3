import type { Dialect } from '../dialect.js';
import { faultKind } from './faults.js';
import { bookkeeping, bookkeepingExists, migrations } from './migrations.js';
import { sessions } from './session.js';
import { statements } from './statements.js';

/**
 * The names of locks are known throughout the server, and short. The connection's database, which it may lack, counts only
 * where the tables are in none that is named.
 */
const LOCK_NAME = `MD5(CONCAT(IF(:name LIKE 'dossier//%', COALESCE(DATABASE(), ''), ''), :name))`;

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
  migrationLock: {
    acquire: `SELECT GET_LOCK(${LOCK_NAME}, 60)`,
    release: `SELECT RELEASE_LOCK(${LOCK_NAME})`,
  },
};
