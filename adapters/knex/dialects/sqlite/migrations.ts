import type { GuardedStatement, Migration } from '../../migrations/migration.js';
import { movePendingLines } from '../../sql/pending-lines.js';
import type { Tables } from '../../sql/tables.js';

export function migrations(tables: Tables): readonly Migration[] {
  const { profiles, keys, schemas, history, pending, changes, counters, erasures, index, serverMode } = tables;
  // Of both tables of lines. As released, like every text of a migration.
  const line = `tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  at TEXT NOT NULL,
  operation TEXT NOT NULL,
  actor TEXT,
  reason TEXT,
  counterpart TEXT,
  deleted INTEGER NOT NULL,
  origin TEXT,
  changed TEXT`;
  return [
    {
      name: '0001_tables',
      breaking: true,
      statements: [
        `CREATE TABLE IF NOT EXISTS ${profiles} (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  segment TEXT,
  attributes TEXT NOT NULL,
  extensions TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT`,
        `CREATE TABLE IF NOT EXISTS ${keys} (
  tenant TEXT NOT NULL,
  key_name TEXT NOT NULL,
  digest BLOB NOT NULL,
  plain_id TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (tenant, key_name, digest, plain_id)
) STRICT, WITHOUT ROWID`,
        `CREATE TABLE IF NOT EXISTS ${schemas} (
  tenant TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,
  document TEXT NOT NULL
) STRICT`,
      ],
    },
    {
      name: '0002_history',
      breaking: true,
      statements: [
        addColumn(profiles, 'residual', 'TEXT'),
        addColumn(profiles, 'operation', 'TEXT'),
        addColumn(profiles, 'actor', 'TEXT'),
        addColumn(profiles, 'reason', 'TEXT'),
        addColumn(profiles, 'counterpart', 'TEXT'),
        addColumn(profiles, 'deleted', 'INTEGER NOT NULL DEFAULT 0'),
        `CREATE TABLE IF NOT EXISTS ${history} (
  tenant TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  segment TEXT,
  attributes TEXT NOT NULL,
  extensions TEXT NOT NULL,
  residual TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  operation TEXT,
  actor TEXT,
  reason TEXT,
  counterpart TEXT,
  deleted INTEGER NOT NULL,
  replaced_at TEXT NOT NULL,
  PRIMARY KEY (tenant, id, revision)
) STRICT`,
      ],
    },
    {
      name: '0003_erasure',
      breaking: true,
      statements: [
        addColumn(profiles, 'erasure', 'TEXT'),
        `CREATE TABLE IF NOT EXISTS ${erasures} (
  tenant TEXT NOT NULL,
  erasure TEXT NOT NULL,
  receipt TEXT NOT NULL,
  PRIMARY KEY (tenant, erasure)
) STRICT`,
        `CREATE INDEX IF NOT EXISTS ${index('profiles_merged')} ON ${profiles} (tenant, counterpart)
  WHERE counterpart IS NOT NULL`,
        `CREATE INDEX IF NOT EXISTS ${index('profile_history_merged')} ON ${history} (tenant, counterpart)
  WHERE counterpart IS NOT NULL`,
        `CREATE INDEX IF NOT EXISTS ${index('profile_keys_by_id')} ON ${keys} (tenant, id)`,
      ],
    },
    {
      name: '0004_changes',
      breaking: true,
      statements: [
        `CREATE TABLE IF NOT EXISTS ${changes} (
  ${line},
  position INTEGER,
  overall INTEGER,
  PRIMARY KEY (tenant, id, revision)
) STRICT, WITHOUT ROWID`,
        `CREATE INDEX IF NOT EXISTS ${index('profile_changes_position')} ON ${changes} (tenant, position)`,
        `CREATE INDEX IF NOT EXISTS ${index('profile_changes_overall')} ON ${changes} (tenant, overall) WHERE overall IS NOT NULL`,
        `CREATE TABLE IF NOT EXISTS ${counters} (
  tenant TEXT NOT NULL PRIMARY KEY,
  newest INTEGER NOT NULL,
  overall INTEGER NOT NULL,
  removed INTEGER NOT NULL
) STRICT, WITHOUT ROWID`,
      ],
    },
    {
      name: '0005_server_mode',
      breaking: false,
      statements: [
        `CREATE TABLE IF NOT EXISTS ${serverMode} (
  id INTEGER NOT NULL PRIMARY KEY,
  mode TEXT NOT NULL
) STRICT`,
      ],
    },
    {
      name: '0006_replacement',
      breaking: true,
      statements: [
        addColumn(profiles, 'attributes_version', 'INTEGER'),
        addColumn(profiles, 'extensions_version', 'INTEGER'),
      ],
    },
    {
      name: '0007_pending_changes',
      breaking: true,
      statements: [
        `CREATE TABLE IF NOT EXISTS ${pending} (
  ${line},
  PRIMARY KEY (tenant, id, revision)
) STRICT, WITHOUT ROWID`,
        ...movePendingLines(tables),
      ],
    },
  ];
}

function addColumn(table: string, name: string, type: string): GuardedStatement {
  return {
    text: `ALTER TABLE ${table} ADD COLUMN ${name} ${type}`,
    hasRun: `SELECT count(*) FROM pragma_table_info('${table.slice(1, -1)}') WHERE name = '${name}'`,
  };
}

export function bookkeeping({ migrations: table }: Tables): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (\n  name TEXT NOT NULL PRIMARY KEY,\n  breaking INTEGER NOT NULL\n) STRICT`,
  ];
}

export function bookkeepingExists({ migrations: table }: Tables): string {
  return `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND '"' || name || '"' = '${table}'`;
}
