import type { Knex } from 'knex';

interface Connection {
  query(sql: string, done: (error: unknown) => void): void;
}

/** Options for connections with an isolation level, as `SET SESSION` takes it. */
export function atIsolation(level: string): Knex.Config {
  return withSetting(`SET SESSION ${level}`);
}

/** Options for connections that run a statement first. */
export function withSetting(statement: string): Knex.Config {
  const afterCreate = (connection: Connection, done: (error: unknown, connection: Connection) => void) =>
    connection.query(statement, (error) => done(error, connection));
  return { pool: { min: 0, max: 10, afterCreate } };
}
