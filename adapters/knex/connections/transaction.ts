import type { KnexLike, KnexTransactionLike, TransactionConfigLike } from '../knex-like.js';
import type { Plan, Result, Step } from '../sql/statement.js';
import { assertNotEnded } from './connection-provider.js';
import { Interruption, type Stage } from './session.js';

/** Thrown to have Knex roll back; never leaves this file. */
class NotWhole extends Error {}

/**
 * Carries out a plan in a transaction of Knex, which is a savepoint within one of the host's, and undoes everything
 * when the plan answers false or fails.
 *
 * @param run runs one step in the transaction
 * @param config of a transaction of its own; a savepoint has that of the host's
 */
export async function carryOutInTransaction(
  knex: KnexLike,
  plan: () => Plan<boolean>,
  run: (transaction: KnexTransactionLike, step: Step) => Promise<Result>,
  config?: TransactionConfigLike,
): Promise<boolean> {
  assertNotEnded(knex);
  let failure: unknown;
  let stage: Stage = knex.isTransaction === true ? 'working' : 'connecting';
  try {
    const work = async (transaction: KnexTransactionLike) => {
      // When the transaction could not begin, Knex calls all the same.
      if (transaction.isCompleted()) return;
      stage = 'working';
      try {
        if (!(await carryOut(plan(), (step) => run(transaction, step)))) throw new NotWhole();
        if (knex.isTransaction !== true) stage = 'committing';
      } catch (error) {
        failure = error;
        throw error;
      }
    };
    await knex.transaction(work, knex.isTransaction ? undefined : config);
    return true;
  } catch (error) {
    if (failure instanceof NotWhole) return false;
    // When the connection is gone, Knex throws what became of its rollback; what came first is what counts.
    throw failure ?? new Interruption(error, stage);
  }
}

async function carryOut(plan: Plan<boolean>, run: (step: Step) => Promise<Result>): Promise<boolean> {
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
