import { setTimeout } from 'node:timers/promises';
import type { ProfileService } from 'dossier';

/** The time that a reader takes to handle a page, in milliseconds. */
const HANDLING_MS = 100;

/** Follows the feed of a tenant as an application would, and counts what should not happen. */
export class Reader {
  readonly #profiles: ProfileService;
  readonly #tenant: string;
  /** The lines that were read: customer id and revision. */
  readonly #seen = new Set<string>();
  readonly #revisions = new Map<string, number>();
  #after: string | undefined;
  repeated = 0;
  outOfOrder = 0;

  constructor(profiles: ProfileService, tenant: string) {
    this.#profiles = profiles;
    this.#tenant = tenant;
  }

  /** Reads until nothing has come for a second since the signal was aborted. */
  async follow(ended: AbortSignal): Promise<void> {
    for (;;) {
      const { items, next } = await this.#profiles.changes(this.#tenant, { after: this.#after, limit: 1_000, wait: 1 });
      this.#after = next;
      for (const { customerId, revision } of items) {
        const line = `${customerId} ${revision}`;
        if (this.#seen.has(line)) this.repeated += 1;
        if (revision <= (this.#revisions.get(customerId) ?? 0)) this.outOfOrder += 1;
        this.#seen.add(line);
        this.#revisions.set(customerId, revision);
      }
      if (items.length === 0 && ended.aborted) return;
      await setTimeout(HANDLING_MS);
    }
  }

  get count(): number {
    return this.#seen.size;
  }

  missedOf(acknowledged: ReadonlySet<string>): number {
    let missed = 0;
    for (const line of acknowledged) if (!this.#seen.has(line)) missed += 1;
    return missed;
  }
}
