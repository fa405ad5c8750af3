import type { ErasureReceipt } from 'dossier';

type Scope = Pick<ErasureReceipt, 'customerId' | 'customerIds' | 'removed' | 'heldBy'>;

/** What an erasure takes, in one sentence. */
export function scopeText({ customerId, customerIds, removed }: Scope): string {
  const others = customerIds.filter((id) => id !== customerId);
  const merged = others.length === 0 ? '' : `, and what was merged into it: ${others.join(', ')}`;
  const counts = [
    counted(removed.profiles, 'profile', 'profiles'),
    counted(removed.states, 'former state', 'former states'),
    counted(removed.entries, 'index entry', 'index entries'),
  ];
  return `${customerId}${merged} (${counts.join(', ')})`;
}

/** What remains elsewhere, if anything does. */
export function remainderText({ customerId, heldBy }: Scope): string | undefined {
  return heldBy === undefined
    ? undefined
    : `${customerId} was merged away: ${heldBy} still holds what it took over. Erase that as well to remove it.`;
}

/** The receipt as JSON, in the form of the HTTP API. */
export function receiptJson(receipt: ErasureReceipt): string {
  const { erasure, time, actor, reason, customerId, customerIds, removed, formerStatesOf, heldBy } = receipt;
  const ids = { customer_id: customerId, customer_ids: customerIds };
  const others = { former_states_of: formerStatesOf, held_by: heldBy };
  return JSON.stringify({ erasure, time, actor, reason, ...ids, removed, ...others }, null, 2);
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
