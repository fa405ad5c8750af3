import type { Plan, Result, Row, Step } from '../sql/statement.js';

/** How a dialect runs statements on connections of the host's Knex instance, or in a transaction of the host. */
export interface Session {
  /** Whether it is bound to a transaction of the host, in which nothing can be retried. */
  readonly inHostTransaction: boolean;
  /** Whether a combined step is one round trip. True until it is known, where that depends on the server. */
  readonly combines: boolean;

  /**
   * Runs a query.
   *
   * @throws DriverFailure
   */
  query(step: Step): Promise<Result>;

  /** The same for a single write, whose outcome is unknown if the connection is lost. */
  execute(step: Step): Promise<Result>;

  /**
   * Runs a plan atomically: in a transaction of its own, or in a savepoint of the host's.
   *
   * @returns whether it was committed; it is rolled back if the plan returns false or throws
   */
  atomically(work: AtomicWork): Promise<boolean>;
}

export interface AtomicWork {
  plan(): Plan<boolean>;
  /** The plan as one step, made by {@link Combine}: runs instead, except in the host's transaction, which an error would end. */
  readonly combined?: Step | undefined;
  /** Whether the combined step may violate a unique constraint, where a unique entry is taken meanwhile: it does nothing then. */
  readonly mayCollide?: boolean | undefined;
  /** Whether the caller has another way: where it fails and has changed nothing, it returns false, and is not tried again. */
  readonly isOptional?: boolean | undefined;
  /** Takes the rows that the combined step has returned. */
  receive?(rows: readonly Row[]): void;
  /** A step of the plan to run on a second connection, outside the transaction. Only for {@link Cluster}. */
  readonly onSecondConnection?: Step | undefined;
}

/**
 * How far the work was: `connecting`: nothing was sent; `working`: nothing that was sent is durable by itself;
 * `committing`: the commit, or a write that commits by itself, was sent.
 */
export type Stage = 'connecting' | 'working' | 'committing';

/** The driver, or Knex, threw. */
export class DriverFailure extends Error {
  readonly driverError: unknown;
  readonly stage: Stage;

  constructor(driverError: unknown, stage: Stage) {
    super('The driver failed.');
    this.driverError = driverError;
    this.stage = stage;
  }
}
