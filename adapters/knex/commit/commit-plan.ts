import type { Change, CommitResult } from 'dossier/storage';
import type { Session } from '../connections/session.js';
import type { Statements } from '../dialects/dialect.js';
import type { Plan, Step } from '../sql/statement.js';
import type { Attempt } from './attempt.js';
import { commitSteps } from './commit-steps.js';
import { Conflicts, type Precondition, preconditionOf } from './conflicts.js';

/** A commit of profiles, copied: the caller may mutate the changes while we await. */
export class CommitPlan implements Attempt<CommitResult> {
  readonly #session: Session;
  readonly #statements: Statements;
  readonly #preconditions: readonly Precondition[];
  readonly #steps: readonly Step[];
  readonly #tenantId: string;
  #isFirstAttempt = true;

  constructor(session: Session, statements: Statements, tenantId: string, changes: readonly Change[]) {
    this.#session = session;
    this.#statements = statements;
    this.#preconditions = changes.map(preconditionOf);
    this.#steps = commitSteps(statements, changes);
    this.#tenantId = tenantId;
  }

  async run(): Promise<boolean> {
    const [first, ...others] = this.#preconditions;
    if (others.some(({ schemaVersion }) => schemaVersion !== first?.schemaVersion)) return false;
    const [step, ...more] = this.#steps;
    if (step !== undefined && more.length === 0 && others.length === 0) {
      return (await this.#session.execute(step)).affected === step.expected;
    }
    const isFirst = this.#isFirstAttempt;
    this.#isFirstAttempt = false;
    const combined = isFirst ? this.#statements.combine?.(this.#steps) : undefined;
    return this.#session.atomically({ plan: () => this.#all(isFirst), combined });
  }

  async findConflict(): Promise<CommitResult | undefined> {
    const { rows } = await this.#session.query(this.#conflicts());
    return new Conflicts(rows).first(this.#preconditions);
  }

  /**
   * If the first attempt turns out to have no conflict, the next one runs step by step, which tells apart what one statement
   * cannot.
   *
   * @param isFirst whether to give up at the first entry that exists, where `addMissingEntries` would raise the lock of an
   *   entry: of several transactions that do, all but one deadlock
   */
  *#all(isFirst: boolean): Plan<boolean> {
    const { addMissingEntries } = this.#statements;
    const givesUp = isFirst && addMissingEntries !== undefined && !this.#session.inHostTransaction;
    for (const step of this.#steps) {
      const { affected } = yield step;
      if (step.expected === undefined || affected === step.expected) continue;
      if (givesUp) return false;
      if (step.statement !== this.#statements.addEntries || !(yield* this.#ownsEntries(step))) return false;
    }
    return true;
  }

  /** Fewer entries than expected were added: either the profiles already have them, or another profile has one. */
  *#ownsEntries(step: Step): Plan<boolean> {
    const { addMissingEntries } = this.#statements;
    if (addMissingEntries) yield { ...step, statement: addMissingEntries };
    const { rows } = yield this.#conflicts();
    return new Conflicts(rows).entriesOwned(this.#preconditions);
  }

  #conflicts(): Step {
    const entries = this.#preconditions.flatMap((precondition) => precondition.entries);
    return {
      statement: this.#statements.conflicts,
      values: {
        tenant: this.#tenantId,
        ids: this.#preconditions.map((precondition) => precondition.customerId),
        keys: [...new Set(entries.map((entry) => entry.key))],
        digests: entries.map((entry) => entry.digest),
      },
    };
  }
}
