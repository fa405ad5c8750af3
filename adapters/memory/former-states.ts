import type { PruneRequest, PruneResult, StoredState } from 'dossier/storage';
import { SortedIds } from './sorted-ids.js';

/** Immutable, as is the profile in it. */
interface FormerState {
  readonly state: StoredState;
  /** The timestamp of the change that replaced it. */
  readonly replacedAt: string;
}

/** The former states of one tenant's customer ids. */
export class FormerStates {
  /** For each customer id, the oldest first; never an empty list. */
  readonly #states = new Map<string, FormerState[]>();
  readonly #customerIds = new SortedIds();

  has(customerId: string): boolean {
    return this.#states.has(customerId);
  }

  /** The newest first. */
  of(customerId: string): readonly StoredState[] {
    return (this.#states.get(customerId) ?? []).map(({ state }) => state).reverse();
  }

  keep(state: StoredState, replacedAt: string): void {
    const states = this.#states.get(state.customerId) ?? [];
    states.push({ state, replacedAt });
    this.#states.set(state.customerId, states);
    this.#customerIds.add(state.customerId);
  }

  /** All that ended by a merge, with the state that followed if there is one. */
  *merges(): Generator<{ readonly state: StoredState; readonly next: StoredState | undefined }> {
    for (const states of this.#states.values()) {
      for (const [place, { state }] of states.entries()) {
        if (state.profile === undefined && state.metadata?.operation === 'merge') {
          yield { state, next: states[place + 1]?.state };
        }
      }
    }
  }

  /** How many states a customer id has up to a revision; removes them unless they are only counted. */
  removeThrough(customerId: string, revision: number, onlyCount: boolean): number {
    const states = this.#states.get(customerId) ?? [];
    const kept = states.filter(({ state }) => state.revision > revision);
    if (!onlyCount) this.#replace(customerId, kept);
    return states.length - kept.length;
  }

  prune({ keep = Number.POSITIVE_INFINITY, replacedBefore, after, limit }: PruneRequest): PruneResult {
    const customerIds = this.#customerIds.after(after, limit + 1);
    let removed = 0;
    for (const customerId of customerIds.slice(0, limit)) {
      const states = this.#states.get(customerId) ?? [];
      const kept = states.slice(Math.max(0, states.length - keep)).filter(({ replacedAt }) => {
        return replacedBefore === undefined || replacedAt >= replacedBefore;
      });
      removed += states.length - kept.length;
      this.#replace(customerId, kept);
    }
    return customerIds.length > limit ? { removed, next: customerIds[limit - 1] } : { removed };
  }

  #replace(customerId: string, states: FormerState[]): void {
    if (states.length > 0) {
      this.#states.set(customerId, states);
      return;
    }
    this.#states.delete(customerId);
    this.#customerIds.delete(customerId);
  }
}
