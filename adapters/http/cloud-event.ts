import type { ChangeLine } from 'dossier';

/** What the type of an event ends with, by the operation of its line (C3). */
export const EVENT_TYPES: Readonly<Record<ChangeLine['operation'], string>> = {
  create: 'created',
  replace: 'replaced',
  patch: 'patched',
  insert_records: 'records_inserted',
  update_record: 'record_updated',
  delete_record: 'record_deleted',
  merge: 'merged',
  merge_away: 'merged_away',
  unmerge: 'unmerged',
  restore: 'restored',
  delete: 'deleted',
  import: 'imported',
  schema_change: 'schema_changed',
  erase: 'erased',
};

export const EVENT_TYPE_PREFIX = 'dossier.profile.';

/**
 * A line of the feed as an event of CloudEvents 1.0, in its JSON format.
 *
 * @param isAdministrator whether the caller may know who made the change, and why (C4)
 */
export function cloudEvent(line: ChangeLine, isAdministrator: boolean) {
  const { cursor, tenantId, customerId, time, operation, revision, counterpart, actor, reason, origin, changed } = line;
  return {
    specversion: '1.0',
    id: cursor,
    source: `/tenants/${tenantId}`,
    type: EVENT_TYPE_PREFIX + EVENT_TYPES[operation],
    subject: customerId,
    time,
    datacontenttype: 'application/json',
    // JSON omits what is `undefined`.
    data: { revision, counterpart, ...(isAdministrator && { actor, reason }), origin, changed },
  };
}
