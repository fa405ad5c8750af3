import { ResilientSession } from './connections/resilient-session.js';
import { SerializedSession } from './connections/serialized-session.js';
import type { Session } from './connections/session.js';
import type { Dialect, Statements } from './dialects/dialect.js';
import { dialectOf } from './dialects/dialect-of.js';
import type { KnexLike } from './knex-like.js';
import type { Migration } from './migrations/migration.js';
import { type TableOptions, type Tables, tablesOf } from './sql/tables.js';

/** Everything that is created once for the tables of a Knex instance. */
export interface Database {
  readonly dialect: Dialect;
  readonly tables: Tables;
  readonly statements: Statements;
  readonly migrations: readonly Migration[];
  /** A session on the instance, or on a transaction of it. */
  sessionOf(knex: KnexLike): Session;
}

/** @throws InvalidOptionsError with all problems at once */
export function openDatabase(knex: KnexLike, options: TableOptions): Database {
  const dialect = dialectOf(knex?.client?.driverName, options);
  const tables = tablesOf(options, dialect.quote);
  const open = dialect.sessions();
  return {
    dialect,
    tables,
    statements: dialect.statements(tables),
    migrations: dialect.migrations(tables),
    sessionOf(instance) {
      const session = new ResilientSession(open(instance), dialect.faultKind);
      return session.inHostTransaction ? new SerializedSession(session, instance) : session;
    },
  };
}
