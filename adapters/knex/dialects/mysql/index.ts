import type { Dialect } from '../dialect.js';
import { faultKind } from './faults.js';
import { bookkeeping, bookkeepingExists, migrations } from './migrations.js';
import { sessions } from './session.js';
import { statements } from './statements.js';

/**
 * Lock names are global to the server, and short. They include the connection's database, if there is one, only when the
 * options name no schema.
 */
const LOCK_NAME = `LEFT(SHA2(CONCAT(IF(:name LIKE 'dossier//%', COALESCE(DATABASE(), ''), ''), :name), 256), 32)`;

/** MySQL from version 8, and MariaDB from version 10.6, both by mysql2. */
export const mySql: Dialect = {
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
