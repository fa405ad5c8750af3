import type { Plan, Result, Step } from '../sql/statement.js';

/** How one dialect runs statements on the connections of the host's Knex instance, or in a transaction of it. */
export interface Session {
  /** Whether it is bound to a transaction of the host, in which nothing can be tried again. */
  readonly inHostTransaction: boolean;

  /** Runs a statement on its own. Throws what the driver threw, in an {@link Interruption}. */
  query(step: Step): Promise<Result>;

  /** The same for a statement that writes, so that it may be unknown whether it took place. */
  execute(step: Step): Promise<Result>;

  /**
   * Carries out a plan whole or, if it answers false or throws, not at all: in a transaction of its own, or within a
   * savepoint of the host's.
   *
   * @param combined the same as one step, made by {@link Statements.combine}: carried out instead, but for the host's
   *   transaction, which an error would end
   * @param apart a step of the plan that is carried out on another connection; given where the database has a
   *   {@link Statements.schemaFence}, and not in the host's transaction
   */
  atomically(plan: () => Plan<boolean>, combined?: Step, apart?: Step): Promise<boolean>;
}

/**
 * How far a piece of work had come: `connecting`: nothing was sent; `working`: what was sent does not last by itself;
 * `committing`: the change, or the commit of it, was on its way to the database.
 */
export type Stage = 'connecting' | 'working' | 'committing';

/** A driver, or Knex, threw. */
export class Interruption extends Error {
  readonly driverError: unknown;
  readonly stage: Stage;

  constructor(driverError: unknown, stage: Stage) {
    super('The driver failed.');
    this.driverError = driverError;
    this.stage = stage;
  }
}
