import type { GuardedStatement, Migration } from '../../migrations/migration.js';
import { movePendingLines } from '../../sql/pending-lines.js';
import type { Tables } from '../../sql/tables.js';

const ID = 'VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL';
const TIME = 'VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL';
/** Of a state. Code points are characters here: each has at most four bytes. */
const METADATA = [
  'operation VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin',
  'actor VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
  'reason VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
  'counterpart VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin',
];
const RESIDUAL = 'residual LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
const TABLE = 'ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

/**
 * Every column has an explicit character set, independent of the database's default. Key names are bytes, since text
 * compares equal but for trailing blanks.
 */
export function migrations(tables: Tables): readonly Migration[] {
  const { profiles, keys, schemas, history, pending, changes, counters, erasures, serverMode } = tables;
  // Of both tables of lines. As released, like every text of a migration.
  const line = `tenant ${ID},
  id ${ID},
  revision BIGINT NOT NULL,
  at ${TIME},
  ${METADATA.join(',\n  ')},
  deleted SMALLINT NOT NULL,
  origin VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  changed LONGTEXT`;
  return [
    {
      name: '0001_tables',
      breaking: true,
      statements: [
        `CREATE TABLE IF NOT EXISTS ${profiles} (
  tenant ${ID},
  id ${ID},
  revision BIGINT NOT NULL,
  segment TEXT,
  attributes LONGTEXT NOT NULL,
  extensions LONGTEXT NOT NULL,
  created_at ${TIME},
  updated_at ${TIME},
  PRIMARY KEY (tenant, id)
) ${TABLE}`,
        `CREATE TABLE IF NOT EXISTS ${keys} (
  tenant ${ID},
  key_name VARBINARY(100) NOT NULL,
  digest BINARY(32) NOT NULL,
  plain_id ${ID},
  id ${ID},
  PRIMARY KEY (tenant, key_name, digest, plain_id)
) ${TABLE}`,
        `CREATE TABLE IF NOT EXISTS ${schemas} (
  tenant ${ID},
  version BIGINT NOT NULL,
  document LONGTEXT NOT NULL,
  PRIMARY KEY (tenant)
) ${TABLE}`,
      ],
    },
    {
      name: '0002_history',
      breaking: true,
      statements: [
        addColumns(tables, profiles, [RESIDUAL, ...METADATA, 'deleted SMALLINT NOT NULL DEFAULT 0']),
        `CREATE TABLE IF NOT EXISTS ${history} (
  tenant ${ID},
  id ${ID},
  revision BIGINT NOT NULL,
  segment TEXT,
  attributes LONGTEXT NOT NULL,
  extensions LONGTEXT NOT NULL,
  ${RESIDUAL},
  created_at ${TIME},
  updated_at ${TIME},
  ${METADATA.join(',\n  ')},
  deleted SMALLINT NOT NULL,
  replaced_at ${TIME},
  PRIMARY KEY (tenant, id, revision)
) ${TABLE}`,
      ],
    },
    {
      name: '0003_erasure',
      breaking: true,
      statements: [
        addColumns(tables, profiles, ['erasure VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin']),
        `CREATE TABLE IF NOT EXISTS ${erasures} (
  tenant ${ID},
  erasure ${ID},
  receipt LONGTEXT NOT NULL,
  PRIMARY KEY (tenant, erasure)
) ${TABLE}`,
        addIndex(tables, profiles, 'profiles_merged', 'counterpart'),
        addIndex(tables, history, 'profile_history_merged', 'counterpart'),
        addIndex(tables, keys, 'profile_keys_by_id', 'id'),
      ],
    },
    {
      name: '0004_changes',
      breaking: true,
      statements: [
        `CREATE TABLE IF NOT EXISTS ${changes} (
  ${line},
  position BIGINT,
  overall BIGINT,
  PRIMARY KEY (tenant, id, revision),
  KEY by_position (tenant, position),
  KEY by_overall (tenant, overall)
) ${TABLE}`,
        `CREATE TABLE IF NOT EXISTS ${counters} (
  tenant ${ID},
  newest BIGINT NOT NULL,
  overall BIGINT NOT NULL,
  removed BIGINT NOT NULL,
  PRIMARY KEY (tenant)
) ${TABLE}`,
      ],
    },
    {
      name: '0005_server_mode',
      breaking: false,
      statements: [
        `CREATE TABLE IF NOT EXISTS ${serverMode} (
  id SMALLINT NOT NULL,
  mode VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id)
) ${TABLE}`,
      ],
    },
    {
      name: '0006_replacement',
      breaking: true,
      statements: [addColumns(tables, profiles, ['attributes_version BIGINT', 'extensions_version BIGINT'])],
    },
    {
      name: '0007_pending_changes',
      breaking: true,
      statements: [
        `CREATE TABLE IF NOT EXISTS ${pending} (
  ${line},
  PRIMARY KEY (tenant, id, revision)
) ${TABLE}`,
        ...movePendingLines(tables),
      ],
    },
  ];
}

/** In one statement, which is atomic: each of the columns tells of all. MariaDB alone adds a column only if it is missing. */
function addColumns(tables: Tables, table: string, columns: readonly string[]): GuardedStatement {
  const text = `ALTER TABLE ${table} ${columns.map((column) => `ADD COLUMN ${column}`).join(', ')}`;
  const [first] = columns[0]?.split(' ') ?? [];
  return guarded(
    text,
    `SELECT COUNT(*) FROM information_schema.columns
    WHERE ${isTable(tables, table)} AND column_name = '${first}'`,
  );
}

/** An index on the tenant and a column. MariaDB alone adds one only if it is missing. */
function addIndex(tables: Tables, table: string, name: string, column: string): GuardedStatement {
  const index = tables.index(name);
  return guarded(
    `ALTER TABLE ${table} ADD INDEX ${index} (tenant, ${column})`,
    `SELECT COUNT(*) FROM information_schema.statistics
    WHERE ${isTable(tables, table)} AND index_name = '${index.slice(1, -1)}'`,
  );
}

function guarded(text: string, hasRun: string): GuardedStatement {
  return {
    text,
    hasRun,
    script: [
      `SET @dossier = IF((${hasRun}) = 0, '${text}', 'DO 0')`,
      'PREPARE dossier FROM @dossier',
      'EXECUTE dossier',
      'DEALLOCATE PREPARE dossier',
    ],
  };
}

export function bookkeeping({ migrations: table }: Tables): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (
  name VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  breaking TINYINT NOT NULL,
  PRIMARY KEY (name)
) ${TABLE}`,
  ];
}

export function bookkeepingExists(tables: Tables): string {
  return `SELECT COUNT(*) FROM information_schema.tables WHERE ${isTable(tables, tables.migrations)}`;
}

/** The condition for a table in the views of the information schema. */
function isTable({ schema }: Tables, table: string): string {
  const within = schema === undefined ? 'DATABASE()' : `'${schema.slice(1, -1)}'`;
  const name = table.slice(table.lastIndexOf('.') + 2, -1);
  // The server compares case-insensitively here, although table names are case-sensitive unless configured otherwise.
  return `table_schema = ${within} AND table_name = '${name}'
      AND (@@lower_case_table_names > 0 OR CAST(table_name AS BINARY) = '${name}')`;
}
