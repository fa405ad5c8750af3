/** The part of the driver that is used here; it ships without types. */
declare module 'better-sqlite3' {
  export default class Database {
    constructor(filename: string);
    pragma(source: string): unknown;
    exec(sql: string): this;
    prepare(sql: string): Statement;
    transaction<Arguments extends unknown[]>(work: (...values: Arguments) => void): (...values: Arguments) => void;
    close(): this;
  }

  export interface Statement {
    run(...values: unknown[]): { changes: number };
    get(...values: unknown[]): unknown;
    all(...values: unknown[]): unknown[];
  }
}
