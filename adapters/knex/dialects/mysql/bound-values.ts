import type { Bound, Step, Value } from '../../sql/statement.js';

/** The values of a step, in parameter order. A batch, like every list, is bound as one JSON text. */
export function boundValues({ statement, values, rows }: Step): Bound[] {
  return statement.parameters.map((name) => {
    // The driver sends numbers as DOUBLE, which MySQL refuses as a limit.
    if (name === 'limit') return String(values[name]);
    if (name !== 'rows' || rows === undefined) return bound(values[name]);
    return JSON.stringify(rows.map((row) => statement.columns.map((column) => row[column] ?? null)));
  });
}

export function bound(value: Value): Bound {
  return typeof value === 'object' ? JSON.stringify(value) : (value ?? null);
}
