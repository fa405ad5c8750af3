import type { Bound, Statement, Step } from '../../sql/statement.js';
import type { Combine } from '../capabilities.js';
import { boundValues } from './bound-values.js';
import { fitOnePacket } from './packets.js';

/** The error when an id or a unique entry is taken. */
const DUPLICATE_KEY = 1062;

/**
 * Combines the writes of a commit in one compound statement with a transaction of its own, which returns a row when all
 * took effect, and otherwise rolls back. After an error, its transaction may still be open. For servers that
 * prepare compound statements ({@link Flavour}).
 *
 * @param lockProfiles returns rows instead of writing them, and so is not combined
 */
export function combinedCommit(lockProfiles: Statement): Combine {
  const combined = new Map<string, Statement>();
  return (steps) => {
    if (steps.some((step) => step.statement === lockProfiles)) return undefined;
    const bound = steps.flatMap(boundOf);
    if (!fitOnePacket(bound)) return undefined;
    const parts = steps.map(partOf);
    const shape = parts.join(' ');
    const statement = combined.get(shape) ?? { sql: compound(shape), parameters: [], columns: [] };
    combined.set(shape, statement);
    return { statement, values: {}, bound };
  };
}

function partOf({ statement, expected }: Step): string {
  return `IF whole THEN ${statement.sql}; ${expected === undefined ? '' : 'SET whole = ROW_COUNT() = ?;'} END IF;`;
}

/** Returns the row first: after the commit, nothing can fail any more. */
function compound(parts: string): string {
  return `BEGIN NOT ATOMIC DECLARE whole BOOLEAN DEFAULT TRUE;
    DECLARE EXIT HANDLER FOR ${DUPLICATE_KEY} ROLLBACK;
    START TRANSACTION; ${parts}
    IF whole THEN SELECT 1 AS whole; COMMIT; ELSE ROLLBACK; END IF; END`;
}

function boundOf(step: Step): Bound[] {
  return step.expected === undefined ? boundValues(step) : [...boundValues(step), step.expected];
}
