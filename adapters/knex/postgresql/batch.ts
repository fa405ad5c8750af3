import type { Step, Value } from '../statement.js';

const TYPES: Readonly<Record<string, string>> = { revision: 'bigint', unique: 'smallint' };

/** The rows of a batch, as `c`. They are bound as one array per column. */
export function batch(columns: readonly string[]): string {
  const arrays = columns.map((column) => `:${column}::${TYPES[column] ?? 'text'}[]`);
  return `unnest(${arrays.join(', ')}) AS c(${columns.map((column) => `"${column}"`).join(', ')})`;
}

/** The array that is bound for a column. */
export function columnOf({ rows = [] }: Step, column: string): (string | number | null)[] {
  return rows.map((row) => scalar(row[column]));
}

/** A single value as it is bound. */
export function scalar(value: Value): string | number | null {
  return value === undefined || typeof value === 'object' ? null : value;
}
