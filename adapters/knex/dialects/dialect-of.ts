import { InvalidOptionsError, type Violation } from 'dossier';
import type { TableOptions } from '../sql/tables.js';
import type { Dialect } from './dialect.js';
import { mySql } from './mysql/index.js';
import { cockroachDb, postgreSql } from './postgresql/index.js';
import { sqlite } from './sqlite/index.js';

const DIALECTS: ReadonlyMap<unknown, Dialect> = new Map([
  ['better-sqlite3', sqlite],
  ['pg', postgreSql],
  ['cockroachdb', cockroachDb],
  ['mysql2', mySql],
]);

const PREFIX = /^[A-Za-z][A-Za-z0-9_]{0,29}$/;
const SCHEMA = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/**
 * The dialect of a Knex client, by the name of its driver, for tables under these options.
 *
 * @throws InvalidOptionsError with all problems at once
 */
export function dialectOf(client: unknown, options: TableOptions): Dialect {
  const dialect = DIALECTS.get(client);
  const violations = optionViolations(options, dialect?.hasSchemas ?? true);
  if (dialect && violations.length === 0) return dialect;
  const clients = `a Knex instance with one of the clients ${[...DIALECTS.keys()].join(', ')}`;
  throw new InvalidOptionsError([...(dialect ? [] : [violation('/knex', clients)]), ...violations]);
}

function optionViolations(options: unknown, hasSchemas: boolean): Violation[] {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return [violation('', 'an object')];
  const { tablePrefix, schema, ...others } = options as Record<string, unknown>;
  const violations: Violation[] = [];
  if (tablePrefix !== undefined && !matches(PREFIX, tablePrefix)) {
    violations.push(violation('/tablePrefix', 'a letter, then up to 29 letters, digits or _'));
  }
  if (schema !== undefined && !hasSchemas) {
    violations.push(violation('/schema', 'none, since SQLite has no schemas'));
  } else if (schema !== undefined && !matches(SCHEMA, schema)) {
    violations.push(violation('/schema', 'a letter or _, then up to 62 letters, digits or _'));
  }
  if (Object.keys(others).length > 0) violations.push(violation('', 'no options but tablePrefix and schema'));
  return violations;
}

function matches(form: RegExp, value: unknown): boolean {
  return typeof value === 'string' && form.test(value);
}

function violation(pointer: string, expected: string): Violation {
  return { pointer, rule: '', expected };
}
