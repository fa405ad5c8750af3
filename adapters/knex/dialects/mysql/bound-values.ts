import type { Bound, Step, Value } from '../../sql/statement.js';

/** The values of a step, in the order of its parameters. Rows, like all lists, are bound as one JSON text. */
export function boundValues({ statement, values, rows }: Step): Bound[] {
  return statement.parameters.map((name) => {
    // Drivers may send a number as a DOUBLE, by which MySQL lets nothing be limited.
    if (name === 'limit') return String(values[name]);
    if (name !== 'rows' || rows === undefined) return bound(values[name]);
    return JSON.stringify(rows.map((row) => statement.columns.map((column) => row[column] ?? null)));
  });
}

function bound(value: Value): Bound {
  return typeof value === 'object' ? JSON.stringify(value) : (value ?? null);
}
