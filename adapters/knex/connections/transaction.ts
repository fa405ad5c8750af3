import type { KnexLike, KnexTransactionLike, TransactionConfigLike } from '../knex-like.js';
import type { Plan, Result, Step } from '../sql/statement.js';
import { assertOpen } from './connection-provider.js';
import { DriverFailure, type Stage } from './session.js';

/** Thrown to make Knex roll back; never leaves this file. */
class RollBack extends Error {}

/**
 * Runs a plan in a Knex transaction, which is a savepoint if it is nested in one of the host's. Rolls back when the plan
 * returns false or throws.
 *
 * @param run runs one step in the transaction
 * @param config for a transaction of its own; a savepoint has that of the host's transaction
 */
export async function runInTransaction(
  knex: KnexLike,
  plan: () => Plan<boolean>,
  run: (transaction: KnexTransactionLike, step: Step) => Promise<Result>,
  config?: TransactionConfigLike,
): Promise<boolean> {
  assertOpen(knex);
  let failure: unknown;
  let stage: Stage = knex.isTransaction === true ? 'working' : 'connecting';
  try {
    const work = async (transaction: KnexTransactionLike) => {
      // Knex calls this even if the transaction failed to begin.
      if (transaction.isCompleted()) return;
      stage = 'working';
      try {
        if (!(await runPlan(plan(), (step) => run(transaction, step)))) throw new RollBack();
        if (knex.isTransaction !== true) stage = 'committing';
      } catch (error) {
        failure = error;
        throw error;
      }
    };
    await knex.transaction(work, knex.isTransaction ? undefined : config);
    return true;
  } catch (error) {
    if (failure instanceof RollBack) return false;
    // If the connection is gone, Knex throws the error of its rollback; the first error is what matters.
    throw failure ?? new DriverFailure(error, stage);
  }
}

async function runPlan(plan: Plan<boolean>, run: (step: Step) => Promise<Result>): Promise<boolean> {
  let next = plan.next();
  while (!next.done) {
    let result: Result;
    try {
      result = await run(next.value);
    } catch (error) {
      next = plan.throw(error);
      continue;
    }
    next = plan.next(result);
  }
  return next.value;
}
