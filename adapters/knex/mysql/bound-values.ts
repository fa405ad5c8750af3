import type { Step, Value } from '../statement.js';

/** The values of a step, in the order of its parameters. */
export function boundValues(step: Step): (string | number | null)[] {
  const { statement, values, rows } = step;
  return statement.parameters.map((name) => {
    return name === 'rows' && rows !== undefined ? jsonOfRows(step) : bound(values[name]);
  });
}

/** Rows, like all lists, are bound as one JSON text. */
export function jsonOfRows({ statement, rows = [] }: Step): string {
  return JSON.stringify(rows.map((row) => statement.columns.map((column) => row[column] ?? null)));
}

function bound(value: Value): string | number | null {
  return typeof value === 'object' ? JSON.stringify(value) : (value ?? null);
}
