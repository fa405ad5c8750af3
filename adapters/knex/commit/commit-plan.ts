import type { Change, CommitResult } from 'dossier';
import type { Session } from '../connections/session.js';
import type { Plan, Step } from '../sql/statement.js';
import type { Statements } from '../sql/statements.js';
import { commitSteps } from './commit-steps.js';
import { type Claim, CommitObstacles, claimOf } from './conflicts.js';

/** A commit, taken down at the moment it was handed over: what the caller changes afterwards is no part of it. */
export class CommitPlan {
  readonly #session: Session;
  readonly #statements: Statements;
  readonly #claims: readonly Claim[];
  readonly #steps: readonly Step[];
  readonly #tenantId: string;
  #mayCombine = true;

  constructor(session: Session, statements: Statements, tenantId: string, changes: readonly Change[]) {
    this.#session = session;
    this.#statements = statements;
    this.#claims = changes.map(claimOf);
    this.#steps = commitSteps(statements, changes);
    this.#tenantId = tenantId;
  }

  /** Whether all changes took effect; otherwise none did. */
  async carryOut(): Promise<boolean> {
    const [first, ...others] = this.#claims;
    if (others.some((claim) => claim.schemaVersion !== first?.schemaVersion)) return false;
    const [step, ...more] = this.#steps;
    if (step !== undefined && more.length === 0 && others.length === 0) {
      return (await this.#session.execute(step)).affected === step.expected;
    }
    const combined = this.#mayCombine ? this.#statements.combine?.(this.#steps) : undefined;
    if (await this.#session.atomically(() => this.#all(), combined)) return true;
    // If nothing turns out to stand in the way, step by step tells apart what one statement cannot.
    this.#mayCombine = false;
    return false;
  }

  /** What stands in the way now, if anything does. */
  async obstacle(): Promise<CommitResult | undefined> {
    const { rows } = await this.#session.query(this.#obstacles());
    return new CommitObstacles(rows).first(this.#claims);
  }

  *#all(): Plan<boolean> {
    for (const step of this.#steps) {
      const { affected } = yield step;
      if (step.expected === undefined || affected === step.expected) continue;
      if (step.statement !== this.#statements.addEntries || !(yield* this.#ownsEntries(step))) return false;
    }
    return true;
  }

  /** Fewer entries than expected were added: either the profiles have them already, or another profile has one. */
  *#ownsEntries(step: Step): Plan<boolean> {
    const { addMissingEntries } = this.#statements;
    if (addMissingEntries) yield { ...step, statement: addMissingEntries };
    const { rows } = yield this.#obstacles();
    return new CommitObstacles(rows).entriesOwned(this.#claims);
  }

  #obstacles(): Step {
    const entries = this.#claims.flatMap((claim) => claim.entries);
    return {
      statement: this.#statements.obstacles,
      values: {
        tenant: this.#tenantId,
        ids: this.#claims.map((claim) => claim.customerId),
        keys: [...new Set(entries.map((entry) => entry.key))],
        digests: entries.map((entry) => entry.digest),
      },
    };
  }
}
