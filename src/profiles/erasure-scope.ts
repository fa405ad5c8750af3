import type { FormerStatesTarget, Lineage } from '../storage/erasure.js';

/** What an erasure takes: all that is kept of one person. */
export interface ErasureScope {
  /** The customer ids to erase, in byte order. */
  readonly erased: readonly Lineage[];
  /** Customer ids that have a profile of their own again, of which only the former states of the person go; in byte order. */
  readonly formerStates: readonly FormerStatesTarget[];
}

/**
 * Follows merges backwards, from the profile to erase to all that was merged into it, transitively (E1).
 *
 * @param lineageOf reads what is kept of a customer id
 */
export async function findErasureScope(
  root: Lineage,
  lineageOf: (customerId: string) => Promise<Lineage | undefined>,
): Promise<ErasureScope> {
  const erased = new Map([[root.customerId, root]]);
  const through = new Map<string, number>();
  const pending = [...root.merged];
  for (let merge = pending.pop(); merge !== undefined; merge = pending.pop()) {
    const { customerId, revision, at } = merge;
    if (erased.has(customerId) || (through.get(customerId) ?? 0) >= revision) continue;
    const lineage = await lineageOf(customerId);
    if (lineage === undefined || lineage.receipt) continue;
    if (lineage.revision === revision && !lineage.exists) {
      erased.set(customerId, lineage);
      pending.push(...lineage.merged);
    } else {
      through.set(customerId, revision);
      // What was merged into the profile that has the id now belongs to that one.
      pending.push(...lineage.merged.filter((earlier) => earlier.at <= at));
    }
  }
  const formerStates = Array.from(through, ([customerId, revision]) => ({ customerId, through: revision }));
  return {
    erased: [...erased.values()].sort(byCustomerId),
    formerStates: formerStates.filter(({ customerId }) => !erased.has(customerId)).sort(byCustomerId),
  };
}

function byCustomerId(one: Pick<Lineage, 'customerId'>, other: Pick<Lineage, 'customerId'>): number {
  return one.customerId < other.customerId ? -1 : 1;
}
