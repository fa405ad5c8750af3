import type { Migration } from '../../migrations/migration.js';
import type { Tables } from '../../sql/tables.js';

export function migrations(tables: Tables): readonly Migration[] {
  const { profiles, keys, schemas } = tables;
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
  ];
}

export function bookkeeping({ migrations: table }: Tables): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (\n  name TEXT NOT NULL PRIMARY KEY,\n  breaking INTEGER NOT NULL\n) STRICT`,
  ];
}

export function bookkeepingExists({ migrations: table }: Tables): string {
  return `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND '"' || name || '"' = '${table}'`;
}
