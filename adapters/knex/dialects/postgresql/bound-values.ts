import type { Statement, Step, Value } from '../../sql/statement.js';

/** The parameters of a statement without repetitions: the first is `$1`. */
export function distinctParameters({ parameters }: Statement): readonly string[] {
  return [...new Set(parameters)];
}

/** The value of a step's parameter, as text. A batch is bound as one array per column. */
export function bound({ statement, values, rows }: Step, name: string): string | null {
  if (rows !== undefined && statement.columns.includes(name)) return arrayOf(rows.map((row) => row[name]));
  return textOf(values[name]);
}

/** A value in text format, which the server accepts for any type. */
export function textOf(value: Value): string | null {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return null;
  return Array.isArray(value) ? arrayOf(value) : String(value);
}

function arrayOf(values: readonly Value[]): string {
  return `{${values.map(elementOf).join()}}`;
}

/** An array element, quoted, so that no text has a special meaning. */
function elementOf(value: Value): string {
  return value === undefined || value === null ? 'NULL' : `"${String(value).replace(/["\\]/g, '\\$&')}"`;
}
