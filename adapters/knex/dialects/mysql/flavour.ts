import type { Result, Step } from '../../sql/statement.js';
import { statement } from '../../sql/statement.js';

/** What the two kinds of server that speak the same protocol can do. */
export interface Flavour {
  readonly name: 'MariaDB' | 'MySQL';
  /** Whether it prepares a compound statement, so that a commit of several steps is one round trip. */
  readonly compoundStatements: boolean;
}

const MARIADB: Flavour = { name: 'MariaDB', compoundStatements: true };
const MYSQL: Flavour = { name: 'MySQL', compoundStatements: false };

/** SQL for MariaDB alone: a comment to MySQL. */
function onMariaDb(sql: string): string {
  return `/*M! ${sql} */`;
}

/** SQL for MySQL alone: MariaDB takes conditional comments of versions from 5.7 to 9 for comments. */
export function onMySql(sql: string): string {
  return `/*!80000 ${sql} */`;
}

/**
 * A locking clause: shared locks on the rows of the tables with these aliases. MySQL refuses to lock a `JSON_TABLE`, so
 * that it must be told which; MariaDB cannot be told.
 */
export function sharedLock(...aliases: readonly string[]): string {
  return `${onMySql(`FOR SHARE OF ${aliases.join(', ')}`)} ${onMariaDb('LOCK IN SHARE MODE')}`;
}

/** The same with exclusive locks. */
export function exclusiveLock(...aliases: readonly string[]): string {
  return `FOR UPDATE ${onMySql(`OF ${aliases.join(', ')}`)}`;
}

const IS_MARIADB: Step = { statement: statement(`SELECT 0 ${onMariaDb('+ 1')}`), values: {} };

/** By pool, so that however many repositories share it, the server is asked once. */
const known = new WeakMap<object, Flavour>();

/** Returns `undefined` if the server was not asked yet. */
export function knownFlavour(pool: object): Flavour | undefined {
  return known.get(pool);
}

/** @param query runs a query on a connection of the pool */
export async function flavourOf(pool: object, query: (step: Step) => Promise<Result>): Promise<Flavour> {
  const flavour = known.get(pool);
  if (flavour !== undefined) return flavour;
  const { rows } = await query(IS_MARIADB);
  const asked = Number(rows[0]?.[0]) === 1 ? MARIADB : MYSQL;
  known.set(pool, asked);
  return asked;
}
