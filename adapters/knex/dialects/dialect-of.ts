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
 * The dialect of a Knex client. Validates the options as well, so that all problems are reported at once.
 *
 * @param client the name of the driver
 * @throws InvalidOptionsError with all problems at once
 */
export function dialectOf(client: unknown, options: TableOptions): Dialect {
  const dialect = DIALECTS.get(client);
  const violations = optionViolations(options, dialect?.withoutSchemas);
  if (dialect && violations.length === 0) return dialect;
  const clients = `a Knex instance with one of the clients ${[...DIALECTS.keys()].join(', ')}`;
  throw new InvalidOptionsError([...(dialect ? [] : [violation('/knex', clients)]), ...violations]);
}

function optionViolations(options: unknown, withoutSchemas: string | undefined): Violation[] {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return [violation('', 'an object')];
  const { tablePrefix, schema, ...others } = options as Record<string, unknown>;
  const violations: Violation[] = [];
  if (tablePrefix !== undefined && !matches(PREFIX, tablePrefix)) {
    violations.push(violation('/tablePrefix', 'a letter, then up to 29 letters, digits or _'));
  }
  if (schema !== undefined && withoutSchemas !== undefined) {
    violations.push(violation('/schema', withoutSchemas));
  } else if (schema !== undefined && !matches(SCHEMA, schema)) {
    violations.push(violation('/schema', 'a letter or _, then up to 62 letters, digits or _'));
  }
  if (Object.keys(others).length > 0) violations.push(violation('', 'only the options tablePrefix and schema'));
  return violations;
}

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function violation(pointer: string, expected: string): Violation {
  return { pointer, rule: '', expected };
}
