import type { Bound, Statement, Step, Value } from '../../sql/statement.js';

/** The parameters of a statement without repetitions: the first is `$1`. */
export function distinctParameters({ parameters }: Statement): readonly string[] {
  return [...new Set(parameters)];
}

/** The value of a step's parameter. A batch is bound as one array per column. */
export function bound({ statement, values, rows }: Step, name: string): Bound {
  if (rows !== undefined && statement.columns.includes(name)) return rows.map((row) => scalar(row[name]));
  const value = values[name];
  return isList(value) ? [...value] : scalar(value);
}

/** A value in text format, which the server accepts for any type. */
export function textOf(value: Bound): string | null {
  if (typeof value === 'string' || value === null) return value;
  return isList(value) ? `{${value.map(elementOf).join()}}` : String(value);
}

/** An array element, quoted, so that no text has a special meaning. */
function elementOf(value: string | number | null): string {
  return value === null ? 'NULL' : `"${String(value).replace(/["\\]/g, '\\$&')}"`;
}

function scalar(value: Value): string | number | null {
  return value === undefined || isList(value) ? null : value;
}

function isList(value: Value): value is readonly (string | number | null)[] {
  return Array.isArray(value);
}
