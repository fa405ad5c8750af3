import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { administer, type DatabaseServer, type TestDatabase } from './database-server.js';

/** An account that may connect to a test's database; it has only the privileges that it is granted. */
export interface Account {
  readonly knex: Knex;
  /** Grants privileges, such as `SELECT, INSERT`, on all existing tables. */
  grant(privileges: string): Promise<void>;
  dispose(): Promise<void>;
}

export async function createAccount(server: DatabaseServer, database: TestDatabase): Promise<Account> {
  const name = `dossier_test_${randomBytes(6).toString('hex')}`;
  const owner = database.open();
  const isPostgreSql = server.client === 'pg';
  await owner.raw(isPostgreSql ? `CREATE ROLE ${name} LOGIN` : `CREATE USER ${name}`);
  // Before PostgreSQL 15, everybody may create tables there.
  if (isPostgreSql) await owner.raw('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
  // MariaDB needs at least one privilege to connect to a database; Dossier never uses this one.
  if (!isPostgreSql) await owner.raw(`GRANT TRIGGER ON ${database.name}.* TO ${name}`);
  const url = Object.assign(new URL(database.url), { username: name, password: '' }).href;
  const knex = database.open({ connection: url });
  return {
    knex,
    async grant(privileges) {
      const tables = isPostgreSql ? 'ALL TABLES IN SCHEMA public' : `${database.name}.*`;
      await owner.raw(`GRANT ${privileges} ON ${tables} TO ${name}`);
    },
    async dispose() {
      await knex.destroy();
      if (isPostgreSql) await owner.raw(`DROP OWNED BY ${name}`);
      await administer(server, isPostgreSql ? `DROP ROLE ${name}` : `DROP USER ${name}`);
    },
  };
}
