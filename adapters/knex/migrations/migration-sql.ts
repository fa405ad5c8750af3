import { dialectOf } from '../dialects/dialect-of.js';
import { type TableOptions, tablesOf } from '../sql/tables.js';
import { recordMigration } from './migration.js';

/**
 * The SQL that `migrate` runs, including its bookkeeping, for a host whose account lacks the privilege to create tables: an
 * administrator runs it as it is. Idempotent, except on SQLite, which adds no column conditionally: there a second run fails at
 * the first one, and changes nothing.
 *
 * ```ts
 * console.log(migrationSql('pg', { schema: 'crm' }));
 * ```
 *
 * @param client the name of the Knex client: `better-sqlite3`, `pg`, `cockroachdb` or `mysql2`
 * @throws InvalidOptionsError with all problems at once
 */
export function migrationSql(client: string, options: TableOptions = {}): string {
  const dialect = dialectOf(client, options);
  const tables = tablesOf(options, dialect.quote);
  const statements = [...dialect.bookkeeping(tables)];
  for (const migration of dialect.migrations(tables)) {
    for (const statement of migration.statements) {
      statements.push(...(typeof statement === 'string' ? [statement] : (statement.script ?? [statement.text])));
    }
    statements.push(recordMigration(tables, migration));
  }
  return statements.map((text) => `${text};\n`).join('\n');
}
