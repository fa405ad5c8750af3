import type { Change, CommitOptions, CommitResult } from 'dossier/storage';
import type { Session } from '../connections/session.js';
import type { Statements } from '../dialects/dialect.js';
import type { Plan, Step } from '../sql/statement.js';
import type { Attempt } from './attempt.js';
import { type CapturedChange, capture, isUnique } from './captured-change.js';
import { commitSteps } from './commit-steps.js';
import { Conflicts } from './conflicts.js';
import { type FoundRow, type RowChange, rowChange } from './row-change.js';

/** A commit of profiles, copied: the caller may mutate the changes while we await. */
export class CommitPlan implements Attempt<CommitResult> {
  readonly #session: Session;
  readonly #statements: Statements;
  readonly #tenantId: string;
  readonly #changes: readonly CapturedChange[];
  readonly #options: CommitOptions;
  #rowChanges: readonly RowChange[];
  #isFirstAttempt = true;

  constructor(
    session: Session,
    statements: Statements,
    tenantId: string,
    changes: readonly Change[],
    { history, changes: lines = false }: CommitOptions,
  ) {
    this.#session = session;
    this.#statements = statements;
    this.#tenantId = tenantId;
    this.#changes = changes.map(capture);
    this.#options = { history, changes: lines };
    this.#rowChanges = this.#rowChangesOn(new Map());
  }

  async run(): Promise<CommitResult | undefined> {
    return (await this.#tookEffect())
      ? { outcome: 'committed', revisions: this.#rowChanges.map(({ revision }) => revision) }
      : undefined;
  }

  /** What it finds decides what the next attempt does to the rows of deleted profiles. */
  async findConflict(): Promise<CommitResult | undefined> {
    const { rows } = await this.#session.query(this.#conflicts());
    const conflicts = new Conflicts(rows);
    this.#rowChanges = this.#rowChangesOn(conflicts.found);
    return conflicts.first(this.#changes);
  }

  async #tookEffect(): Promise<boolean> {
    const [first, ...others] = this.#changes;
    if (others.some(({ schemaVersion }) => schemaVersion !== first?.schemaVersion)) return false;
    const steps = commitSteps(this.#statements, this.#tenantId, this.#changes, this.#rowChanges, this.#options);
    const [step, ...more] = steps;
    if (step !== undefined && more.length === 0 && others.length === 0) {
      return (await this.#session.execute(step)).affected === step.expected;
    }
    const isFirst = this.#isFirstAttempt;
    this.#isFirstAttempt = false;
    const combined = isFirst ? this.#statements.combine?.(steps) : undefined;
    return this.#session.atomically({ plan: () => this.#all(steps, isFirst), combined });
  }

  #rowChangesOn(found: ReadonlyMap<string, FoundRow>): readonly RowChange[] {
    const { history, changes: lines = false } = this.#options;
    return this.#changes.map((change) => rowChange(change, found.get(change.customerId), history || lines));
  }

  /**
   * Runs the steps one by one. So does a second attempt, after a first one without effect in which no conflict was found: single
   * steps tell apart what one statement cannot.
   *
   * @param isFirst whether to give up at the first entry that exists, on databases with `addMissingEntries`: it would upgrade
   *   the lock of that entry, and of several transactions that do so, all but one deadlock
   */
  *#all(steps: readonly Step[], isFirst: boolean): Plan<boolean> {
    const { addMissingEntries } = this.#statements;
    const givesUp = isFirst && addMissingEntries !== undefined && !this.#session.inHostTransaction;
    for (const step of steps) {
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
    return new Conflicts(rows).entriesOwned(this.#changes);
  }

  #conflicts(): Step {
    const entries = this.#changes.flatMap(({ added }) => added.filter(isUnique));
    return {
      statement: this.#statements.conflicts,
      values: {
        tenant: this.#tenantId,
        ids: this.#changes.map(({ customerId }) => customerId),
        keys: [...new Set(entries.map(({ key }) => key))],
        digests: entries.map(({ digest }) => digest),
      },
    };
  }
}
