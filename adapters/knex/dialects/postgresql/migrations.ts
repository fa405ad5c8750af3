import type { Migration } from '../../migrations/migration.js';
import { movePendingLines } from '../../sql/pending-lines.js';
import type { Tables } from '../../sql/tables.js';

/**
 * Documents are text: `jsonb` would not return them exactly as stored, and no query looks inside them.
 *
 * @param id the type of ids and key names, which compare by bytes
 * @param onlyWith the condition of an index that has only rows with a value in this column, where that is possible
 */
export function migrations(
  tables: Tables,
  id: string,
  onlyWith: (column: string) => string = () => '',
): readonly Migration[] {
  const { profiles, keys, schemas, history, pending, changes, counters, erasures, index, serverMode } = tables;
  // Of both tables of lines. As released, like every text of a migration.
  const line = `tenant ${id} NOT NULL,
  id ${id} NOT NULL,
  revision bigint NOT NULL,
  at ${id} NOT NULL,
  operation text NOT NULL,
  actor text,
  reason text,
  counterpart ${id},
  deleted smallint NOT NULL,
  origin text,
  changed text`;
  return [
    {
      name: '0001_tables',
      breaking: true,
      statements: [
        `CREATE TABLE IF NOT EXISTS ${profiles} (
  tenant ${id} NOT NULL,
  id ${id} NOT NULL,
  revision bigint NOT NULL,
  segment text,
  attributes text NOT NULL,
  extensions text NOT NULL,
  created_at text NOT NULL,
  updated_at text NOT NULL,
  PRIMARY KEY (tenant, id)
)`,
        `CREATE TABLE IF NOT EXISTS ${keys} (
  tenant ${id} NOT NULL,
  key_name ${id} NOT NULL,
  digest bytea NOT NULL,
  plain_id ${id} NOT NULL,
  id ${id} NOT NULL,
  PRIMARY KEY (tenant, key_name, digest, plain_id)
)`,
        `CREATE TABLE IF NOT EXISTS ${schemas} (
  tenant ${id} NOT NULL PRIMARY KEY,
  version bigint NOT NULL,
  document text NOT NULL
)`,
      ],
    },
    {
      name: '0002_history',
      breaking: true,
      statements: [
        `ALTER TABLE ${profiles}
  ADD COLUMN IF NOT EXISTS residual text,
  ADD COLUMN IF NOT EXISTS operation text,
  ADD COLUMN IF NOT EXISTS actor text,
  ADD COLUMN IF NOT EXISTS reason text,
  ADD COLUMN IF NOT EXISTS counterpart ${id},
  ADD COLUMN IF NOT EXISTS deleted smallint NOT NULL DEFAULT 0`,
        `CREATE TABLE IF NOT EXISTS ${history} (
  tenant ${id} NOT NULL,
  id ${id} NOT NULL,
  revision bigint NOT NULL,
  segment text,
  attributes text NOT NULL,
  extensions text NOT NULL,
  residual text,
  created_at text NOT NULL,
  updated_at text NOT NULL,
  operation text,
  actor text,
  reason text,
  counterpart ${id},
  deleted smallint NOT NULL,
  replaced_at ${id} NOT NULL,
  PRIMARY KEY (tenant, id, revision)
)`,
      ],
    },
    {
      name: '0003_erasure',
      breaking: true,
      statements: [
        `ALTER TABLE ${profiles} ADD COLUMN IF NOT EXISTS erasure ${id}`,
        `CREATE TABLE IF NOT EXISTS ${erasures} (
  tenant ${id} NOT NULL,
  erasure ${id} NOT NULL,
  receipt text NOT NULL,
  PRIMARY KEY (tenant, erasure)
)`,
        `CREATE INDEX IF NOT EXISTS ${index('profiles_merged')} ON ${profiles} (tenant, counterpart)${onlyWith('counterpart')}`,
        `CREATE INDEX IF NOT EXISTS ${index('profile_history_merged')} ON ${history} (tenant, counterpart)${onlyWith('counterpart')}`,
        `CREATE INDEX IF NOT EXISTS ${index('profile_keys_by_id')} ON ${keys} (tenant, id)`,
      ],
    },
    {
      name: '0004_changes',
      breaking: true,
      statements: [
        `CREATE TABLE IF NOT EXISTS ${changes} (
  ${line},
  position bigint,
  overall bigint,
  PRIMARY KEY (tenant, id, revision)
)`,
        // The lines without a position come from it in order.
        `CREATE INDEX IF NOT EXISTS ${index('profile_changes_position')} ON ${changes} (tenant, position, id, revision)`,
        `CREATE INDEX IF NOT EXISTS ${index('profile_changes_overall')} ON ${changes} (tenant, overall)${onlyWith('overall')}`,
        `CREATE TABLE IF NOT EXISTS ${counters} (
  tenant ${id} NOT NULL PRIMARY KEY,
  newest bigint NOT NULL,
  overall bigint NOT NULL,
  removed bigint NOT NULL
)`,
      ],
    },
    {
      name: '0005_server_mode',
      breaking: false,
      statements: [
        `CREATE TABLE IF NOT EXISTS ${serverMode} (
  id smallint NOT NULL PRIMARY KEY,
  mode text NOT NULL
)`,
      ],
    },
    {
      name: '0006_replacement',
      breaking: true,
      statements: [
        `ALTER TABLE ${profiles}
  ADD COLUMN IF NOT EXISTS attributes_version bigint,
  ADD COLUMN IF NOT EXISTS extensions_version bigint`,
      ],
    },
    {
      name: '0007_pending_changes',
      breaking: true,
      statements: [
        `CREATE TABLE IF NOT EXISTS ${pending} (
  ${line},
  PRIMARY KEY (tenant, id, revision)
)`,
        ...movePendingLines(tables),
      ],
    },
  ];
}

/** An index is in the schema of its table. */
/** @param createSchema creates a schema if it is missing */
export function bookkeeping(
  { migrations: table, schema }: Tables,
  createSchema: (schema: string) => string,
): readonly string[] {
  const create = `CREATE TABLE IF NOT EXISTS ${table} (\n  name text NOT NULL PRIMARY KEY,\n  breaking smallint NOT NULL\n)`;
  return schema === undefined ? [create] : [createSchema(schema), create];
}

/** `CREATE SCHEMA IF NOT EXISTS` needs the privilege even if the schema exists. */
export function createSchemaIfMissing(schema: string): string {
  return `DO $$ BEGIN
  IF to_regnamespace('${schema}') IS NULL THEN CREATE SCHEMA ${schema}; END IF;
END $$`;
}

export function bookkeepingExists({ migrations: table }: Tables): string {
  return `SELECT CASE WHEN to_regclass('${table}') IS NULL THEN 0 ELSE 1 END`;
}
