import { readFile } from 'node:fs/promises';
import { migrationSql } from 'dossier/knex';
import type { Knex } from 'knex';

export type Client = 'better-sqlite3' | 'pg' | 'mysql2';

export type Database = 'SQLite' | 'PostgreSQL' | 'MariaDB' | 'MySQL';

/** Each table, and the order of its rows in the dump. */
const TABLES = {
  dossier_migrations: ['name'],
  dossier_profile_schemas: ['tenant'],
  dossier_profiles: ['tenant', 'id'],
  dossier_profile_keys: ['tenant', 'key_name', 'digest', 'id'],
  dossier_profile_history: ['tenant', 'id', 'revision'],
  dossier_pending_changes: ['tenant', 'id', 'revision'],
  dossier_profile_changes: ['tenant', 'id', 'revision'],
  dossier_change_counters: ['tenant'],
  dossier_profile_erasures: ['tenant', 'erasure'],
};

/** The dump of a released version's rows. */
export function dumpOf(database: Database, version: string): URL {
  return new URL(`./fixtures/${database.toLowerCase()}-${version}.sql`, import.meta.url);
}

/** This version's tables and rows as SQL; each statement ends with a semicolon at the end of a line. */
export async function dump(client: Client, knex: Knex): Promise<string> {
  const statements = [
    migrationSql(client)
      .replace(/^INSERT [^;]*;\n/gm, '')
      .trim(),
    '',
  ];
  for (const [table, order] of Object.entries(TABLES)) {
    const rows: Record<string, unknown>[] = await knex(table).orderBy(order);
    for (const row of rows) {
      const values = Object.values(row).map((value) => literal(client, value));
      statements.push(`INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${values.join(', ')});`);
    }
  }
  return `${statements.join('\n')}\n`;
}

/** Runs a dump in an empty database. */
export async function load(dumped: URL, knex: Knex): Promise<void> {
  const script = await readFile(dumped, 'utf8');
  for (const statement of script.split(/;\n\s*/)) {
    if (statement !== '') await knex.raw(statement.replaceAll('?', '\\?'));
  }
}

function literal(client: Client, value: unknown): string {
  if (value === null || typeof value === 'number') return `${value}`;
  if (Buffer.isBuffer(value)) {
    const digits = value.toString('hex');
    return client === 'pg' ? `'\\x${digits}'` : `X'${digits}'`;
  }
  const text = `${value}`.replaceAll("'", "''");
  // In MySQL and MariaDB, a backslash escapes.
  return `'${client === 'mysql2' ? text.replaceAll('\\', '\\\\') : text}'`;
}
