import type { PruneRequest, PruneResult } from 'dossier/storage';
import type { Session } from './connections/session.js';
import type { Statements } from './dialects/dialect.js';
import type { Values } from './sql/statement.js';

/** States for each transaction: a large one delays the others, on Galera on all nodes. */
const BATCH = 1000;

/** Reads which states to remove, then removes them by primary key, so that no range is locked. */
export async function prune(
  session: Session,
  statements: Statements,
  tenant: string,
  { keep, replacedBefore: before, after = '', limit }: PruneRequest,
): Promise<PruneResult> {
  const found = await session.query({
    statement: statements.formerIds,
    values: { tenant, after, limit: limit + 1 },
  });
  const ids = found.rows.map(([id]) => String(id));
  const [from = '', to = ''] = [ids[0], ids.slice(0, limit).at(-1)];
  let removed = 0;
  // Goes on after the last state that was read, not from the beginning: in a transaction that reads from a snapshot, what
  // another caller has removed meanwhile would be read again and again.
  let next: Values | undefined = { from, revision: Number.MAX_SAFE_INTEGER };
  while (next !== undefined) {
    const { rows } = await session.query({
      statement: statements.excludedStates,
      values: { tenant, keep, before, to, ...next, limit: BATCH },
    });
    const states = rows.map(([id, revision]) => ({ id: String(id), revision: Number(revision) }));
    if (states.length > 0) removed += await drop(session, statements, tenant, states);
    const last = states.at(-1);
    next = last && states.length === BATCH ? { from: last.id, revision: last.revision } : undefined;
  }
  return { removed, next: ids.length > limit ? to : undefined };
}

/** @returns how many were there */
async function drop(session: Session, { dropStates }: Statements, tenant: string, rows: readonly Values[]) {
  let removed = 0;
  await session.atomically({
    *plan() {
      removed = (yield { statement: dropStates, values: { tenant }, rows }).affected;
      return true;
    },
  });
  return removed;
}
