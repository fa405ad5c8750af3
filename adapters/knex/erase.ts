import type { ErasureReceipt, ErasureRequest, ErasureResult, Lineage, MergedAway } from 'dossier/storage';
import type { Session } from './connections/session.js';
import type { ErasureWrites, LineageReads } from './sql/erasure-statements.js';
import { parseDocument } from './sql/rows.js';
import type { Plan, Row, Statement, Step, Values } from './sql/statement.js';
import type { WriteStatements } from './sql/statements.js';

/** Reads the row first: of what was merged into it, nothing that counts in its revision is missed then. */
export async function lineage(
  session: Session,
  { keptRow, mergedRows, mergedStates }: LineageReads,
  tenant: string,
  id: string,
): Promise<Lineage | undefined> {
  const read = async (statement: Statement) => (await session.query({ statement, values: { tenant, id } })).rows;
  const [row] = await read(keptRow);
  if (row === undefined) return undefined;
  const merged = [...(await read(mergedRows)), ...(await read(mergedStates))];
  const [revision, created, updated, deleted, operation, counterpart, receipt] = row;
  const isMergedAway = Number(deleted) === 1 && operation === 'merge' && counterpart !== null;
  return {
    customerId: id,
    revision: Number(revision),
    createdAt: String(created),
    updatedAt: String(updated),
    exists: Number(deleted) === 0,
    mergedInto: isMergedAway ? String(counterpart) : undefined,
    receipt: receipt === null ? undefined : parseDocument<ErasureReceipt>(receipt),
    merged: merged.map(mergeOf),
  };
}

function mergeOf([id, revision, at]: Row): MergedAway {
  return { customerId: String(id), revision: Number(revision), at: String(at) };
}

/** Removes all that any table holds of some customer ids, in one transaction, which a dry run rolls back. */
export async function erase(
  session: Session,
  statements: ErasureWrites & Pick<WriteStatements, 'redactPendingLines' | 'redactLines' | 'addLines'>,
  tenant: string,
  { receipt, targets, formerStates, line, dryRun }: ErasureRequest,
): Promise<ErasureResult> {
  // Copied before the first await: the caller may mutate the request. Sorted: a fixed order makes deadlocks rare.
  const kept = structuredClone(receipt);
  const rows = targets
    .map(({ customerId: id, expectedRevision: revision, createdAt: created, exists, at }) => {
      return { id, revision, created, deleted: exists ? 0 : 1, at };
    })
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const states = [
    ...rows.map(({ id }) => ({ id, through: Number.MAX_SAFE_INTEGER })),
    ...formerStates.map(({ customerId: id, through }) => ({ id, through })),
  ];
  const { actor, reason } = kept;
  const left = { operation: 'erase', actor, reason, deleted: 1, origin: line?.origin };
  const lines = line ? rows.map(({ id, revision, at }) => ({ ...left, id, revision: revision + 1, at })) : [];
  const step = (statement: Statement, values: Values): Step => ({ statement, values: { tenant, ...values } });
  const batch = (statement: Statement, batched: readonly Values[]): Step => ({ ...step(statement, {}), rows: batched });
  let result: ErasureResult = { outcome: 'changed' };

  function* plan(): Plan<boolean> {
    result = { outcome: 'changed' };
    const { erasure } = kept;
    const removed = { profiles: 0, states: 0, entries: 0 };
    for (const row of rows) {
      const { affected } = yield step(statements.eraseRow, { ...row, erasure, actor, reason });
      if (affected !== 1) return false;
      if (row.deleted === 0) removed.profiles += affected;
    }
    // Every other table that holds something of a customer id has a statement here.
    for (const one of states) removed.states += (yield step(statements.eraseStates, one)).affected;
    for (const { id } of rows) removed.entries += (yield step(statements.eraseEntries, { id })).affected;
    const redacted = states.map(({ id, through: revision }) => ({ id, revision }));
    yield batch(statements.redactPendingLines, redacted);
    yield batch(statements.redactLines, redacted);
    if (lines.length > 0) yield batch(statements.addLines, lines);
    const document = JSON.stringify({ ...kept, removed });
    if ((yield step(statements.insertReceipt, { erasure, receipt: document })).affected !== 1) return false;
    result = { outcome: 'erased', removed };
    return !dryRun;
  }

  await session.atomically({ plan });
  return result;
}
