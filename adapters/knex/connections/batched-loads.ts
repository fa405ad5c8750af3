import { setImmediate } from 'node:timers/promises';
import type { Row } from '../sql/statement.js';
import type { ProfileQuery } from '../sql/statements.js';
import type { Session } from './session.js';

/** Profiles may be large, and a result is in memory as a whole. */
const MAX_BATCH = 16;

/** @returns rows as of {@link RowReads.load}: besides the profile's own there may be others */
export type LoadRows = (tenantId: string, customerId: string, extensions: boolean) => Promise<readonly Row[]>;

interface Batch {
  readonly customerIds: string[];
  readonly rows: Promise<readonly Row[]>;
}

/**
 * Batches loads of one tenant that begin in the same turn of the event loop: most of a load's cost is the round trip.
 * While no load is in flight, a load starts at once.
 */
export function batchedLoads(session: Session, load: ProfileQuery, loadMany: ProfileQuery): LoadRows {
  /** Batches that accept more loads, by tenant and extensions. */
  const open = new Map<string, Batch>();
  let inFlight = 0;

  async function query(tenant: string, ids: readonly string[], extensions: boolean): Promise<readonly Row[]> {
    const { withExtensions, withoutExtensions } = ids.length > 1 ? loadMany : load;
    const statement = extensions ? withExtensions : withoutExtensions;
    const values = ids.length > 1 ? { tenant, ids } : { tenant, id: ids[0] };
    inFlight += 1;
    try {
      return (await session.query({ statement, values })).rows;
    } finally {
      inFlight -= 1;
    }
  }

  function openBatch(key: string, tenantId: string, extensions: boolean): Batch {
    const customerIds: string[] = [];
    const rows = setImmediate().then(() => {
      if (customerIds.length < MAX_BATCH) open.delete(key);
      return query(tenantId, customerIds, extensions);
    });
    const batch = { customerIds, rows };
    open.set(key, batch);
    return batch;
  }

  return (tenantId, customerId, extensions) => {
    if (inFlight === 0) return query(tenantId, [customerId], extensions);
    const key = `${extensions} ${tenantId}`;
    const batch = open.get(key) ?? openBatch(key, tenantId, extensions);
    batch.customerIds.push(customerId);
    if (batch.customerIds.length === MAX_BATCH) open.delete(key);
    return batch.rows;
  };
}
