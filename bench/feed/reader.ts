import { setTimeout } from 'node:timers/promises';
import { type ChangePage, isDossierError, type ProfileService } from 'dossier';

/** The time that a reader takes to handle a page, in milliseconds. */
const HANDLING_MS = 100;

/** What a reader has read, and what should not have happened. */
export interface Read {
  /** Customer ids and revisions. */
  readonly lines: ReadonlySet<string>;
  readonly repeated: number;
  readonly outOfOrder: number;
}

/** Follows the feed of a tenant as an application would, until nothing has come for a second since it was told the end. */
export async function follow(
  profiles: Pick<ProfileService, 'changes'>,
  tenant: string,
  hasEnded: () => boolean,
): Promise<Read> {
  const lines = new Set<string>();
  const revisions = new Map<string, number>();
  let repeated = 0;
  let outOfOrder = 0;
  let after: string | undefined;
  for (;;) {
    // Asked first: an empty page tells of the lines before the call, and not of those that came while it waited.
    const isLast = hasEnded();
    const page = await profiles.changes(tenant, { after, limit: 1_000, wait: 1 }).catch(unlessBusy);
    // Writers in another process may hold the lock of an SQLite file for long: try again.
    if (page === undefined) continue;
    const { items, next }: ChangePage = page;
    after = next;
    for (const { customerId, revision } of items) {
      const line = `${customerId} ${revision}`;
      if (lines.has(line)) repeated += 1;
      if (revision <= (revisions.get(customerId) ?? 0)) outOfOrder += 1;
      lines.add(line);
      revisions.set(customerId, revision);
    }
    if (items.length === 0 && isLast) return { lines, repeated, outOfOrder };
    await setTimeout(HANDLING_MS);
  }
}

function unlessBusy(error: unknown): undefined {
  if (!isDossierError(error) || error.code !== 'storage_unavailable') throw error;
}
