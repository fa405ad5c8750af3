import type { Statement, Step, Values } from '../statement.js';
import { jsonOfRows } from './bound-values.js';

/** The error when an id or a unique entry is taken. */
const DUPLICATE_KEY = 1062;

/**
 * Makes the writes of a commit one compound statement with a transaction of its own, which answers a row when all of
 * them took effect, and otherwise rolls back. After an error, its transaction may still be open. MariaDB prepares
 * compound statements; MySQL has none.
 *
 * @param locking the statement that answers rows instead of writing them, which is not combined
 */
export function combination(locking: Statement): (steps: readonly Step[]) => Step | undefined {
  return (steps) => {
    if (steps.some((step) => step.statement === locking)) return undefined;
    // The row is answered first: once the commit has taken place, nothing more can fail.
    const sql = `BEGIN NOT ATOMIC DECLARE whole BOOLEAN DEFAULT TRUE;
      DECLARE EXIT HANDLER FOR ${DUPLICATE_KEY} ROLLBACK;
      START TRANSACTION; ${steps.map(textOf).join(' ')}
      IF whole THEN SELECT 1 AS whole; COMMIT; ELSE ROLLBACK; END IF; END`;
    const parameters = steps.flatMap((step, index) => parametersOf(step).map((name) => `${name}_${index}`));
    return { statement: { sql, parameters, columns: [] }, values: Object.assign({}, ...steps.map(valuesOf)) };
  };
}

function textOf({ statement, expected }: Step): string {
  return `IF whole THEN ${statement.sql}; ${expected === undefined ? '' : 'SET whole = ROW_COUNT() = ?;'} END IF;`;
}

function parametersOf({ statement, expected }: Step): readonly string[] {
  return expected === undefined ? statement.parameters : [...statement.parameters, 'expected'];
}

function valuesOf(step: Step, index: number): Values {
  const values: Values = { ...step.values, rows: jsonOfRows(step), expected: step.expected };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${name}_${index}`, value]));
}
