import type { Bound, Statement, Step } from '../../sql/statement.js';
import { boundValues } from './bound-values.js';
import { fitOnePacket } from './packets.js';

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
  const made = new Map<string, Statement>();
  return (steps) => {
    if (steps.some((step) => step.statement === locking) || !fitOnePacket(steps)) return undefined;
    const parts = steps.map(partOf);
    const shape = parts.join(' ');
    const statement = made.get(shape) ?? { sql: compound(shape), parameters: [], columns: [] };
    made.set(shape, statement);
    return { statement, values: {}, bound: steps.flatMap(boundOf) };
  };
}

function partOf({ statement, expected }: Step): string {
  return `IF whole THEN ${statement.sql}; ${expected === undefined ? '' : 'SET whole = ROW_COUNT() = ?;'} END IF;`;
}

/** The row is answered first: once the commit has taken place, nothing more can fail. */
function compound(parts: string): string {
  return `BEGIN NOT ATOMIC DECLARE whole BOOLEAN DEFAULT TRUE;
    DECLARE EXIT HANDLER FOR ${DUPLICATE_KEY} ROLLBACK;
    START TRANSACTION; ${parts}
    IF whole THEN SELECT 1 AS whole; COMMIT; ELSE ROLLBACK; END IF; END`;
}

function boundOf(step: Step): Bound[] {
  return step.expected === undefined ? boundValues(step) : [...boundValues(step), step.expected];
}
