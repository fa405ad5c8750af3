import type { Knex } from 'knex';

interface Connection {
  query(sql: string, done: (error: unknown) => void): void;
}

/** Options for connections at an isolation level, as `SET SESSION` takes it. */
export function atIsolation(level: string): Knex.Config {
  const afterCreate = (connection: Connection, done: (error: unknown, connection: Connection) => void) =>
    connection.query(`SET SESSION ${level}`, (error) => done(error, connection));
  return { pool: { min: 0, max: 10, afterCreate } };
}
