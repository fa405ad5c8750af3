import type { StoredLine } from 'dossier/storage';
import { type Expressions, PAGE_BYTES } from './read-statements.js';
import { type Row, statement } from './statement.js';
import type { FeedReads } from './statements.js';
import type { Tables } from './tables.js';

const LINE = ['id', 'revision', 'at', 'operation', 'actor', 'reason', 'counterpart', 'deleted', 'origin', 'changed'];

/** How a dialect writes what differs between the reads of the feed. */
export interface FeedExpressions extends Pick<Expressions, 'byteLength' | 'limit' | 'joinInOrder'> {
  /** The condition that rows of two tables are of one tenant, where another one limits a range of the first table. Default: equality. */
  isTenantOf?(alias: string, other: string): string;
}

/**
 * The reads of the feed. Pages over all tenants go from tenant to tenant by the small table of counters, since every key begins
 * with the tenant: a tenant without news costs one comparison. A page is bounded by the bytes of what its lines name, since
 * each may name thousands of members; it has at least one line.
 *
 * @param lock the clause that locks the selected rows; empty where the transaction locks the database
 */
export function feedReads(
  { pending, changes, counters }: Tables,
  { byteLength, limit = ':limit', joinInOrder = 'JOIN', isTenantOf = isTenant }: FeedExpressions,
  lock = 'FOR UPDATE',
): FeedReads {
  const line = ['tenant', ...LINE].map((column) => `l.${column}`).join(', ');
  const sizeIn = (lines: string) => `COALESCE(${byteLength(`${lines}.changed`)}, 0)`;
  const pendingRows = `
      SELECT u.tenant, u.id, u.revision, u.at, c.newest, ${sizeIn('u')} AS size
      FROM ${pending} u LEFT JOIN ${counters} c ON c.tenant = u.tenant`;
  const exists = (rows: string) => `CASE WHEN EXISTS (SELECT 1 FROM ${rows}) THEN 1 ELSE 0 END`;
  // One row of counters, also where there is none.
  const counted = (tenant: string) => `(SELECT 1 AS one) o LEFT JOIN ${counters} c ON c.tenant = ${tenant}`;
  // Joined by the whole primary key: joined by position, planners without statistics read all lines of the tenant for each line.
  const withinBytes = (order: string, rows: string) => `(
        SELECT w.tenant, w.id, w.revision FROM (
          SELECT l.tenant, l.id, l.revision, ROW_NUMBER() OVER (ORDER BY ${order}) AS place,
            SUM(${sizeIn('l')}) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) AS total
          FROM ${rows}
        ) w WHERE w.place = 1 OR w.total <= ${PAGE_BYTES}
      ) f ON 1 = 1 LEFT JOIN ${changes} l ON l.tenant = f.tenant AND l.id = f.id AND l.revision = f.revision`;
  return {
    lines: statement(`
      SELECT c.newest, c.removed, ${exists(`${pending} u WHERE u.tenant = :tenant`)} AS pending,
        l.position, ${line}
      FROM ${counted(':tenant')}
      LEFT JOIN ${withinBytes(
        'l.position',
        `${changes} l WHERE l.tenant = :tenant AND l.position > :after AND l.position <= :to`,
      )}
      ORDER BY l.position`),
    allLines: statement(`
      SELECT c.newest, c.removed, ${exists(pending)} AS pending, l.overall, ${line}
      FROM ${counted("''")}
      LEFT JOIN ${withinBytes(
        'l.overall',
        `${counters} t ${joinInOrder} ${changes} l ON ${isTenantOf('l', 't')} AND l.overall > :after AND l.overall <= :to
          WHERE t.tenant <> '' AND t.overall > :after`,
      )}
      ORDER BY l.overall`),
    pendingLines: statement(`${pendingRows}
      WHERE u.tenant = :tenant ORDER BY u.id, u.revision LIMIT ${limit}`),
    allPendingLines: statement(`${pendingRows}
      ORDER BY u.tenant, u.id, u.revision LIMIT ${limit}`),
    removedLines: statement(`SELECT c.removed FROM ${counters} c WHERE c.tenant = :tenant`),
    oldestLines: statement(`
      SELECT l.id, l.revision, l.at, l.position, l.overall, c.newest, c.overall AS newest_overall
      FROM ${counters} c JOIN ${changes} l ON l.tenant = c.tenant AND l.position > c.removed
      WHERE c.tenant = :tenant ORDER BY l.position LIMIT ${limit}`),
    lockCounters: statement(`SELECT c.newest, c.removed FROM ${counters} c WHERE c.tenant = '' ${lock}`),
  };
}

function isTenant(alias: string, other: string): string {
  return `${alias}.tenant = ${other}.tenant`;
}

/** The line in a row of {@link FeedReads.lines}; `undefined` if it has none. */
export function lineOf(row: Row): StoredLine | undefined {
  const [, , , position, tenant, id, revision, at, operation, actor, reason, counterpart, deleted, origin, changed] =
    row;
  if (position === null) return undefined;
  return {
    tenantId: String(tenant),
    // Some drivers return 64-bit integers as strings.
    position: Number(position),
    customerId: String(id),
    revision: Number(revision),
    at: String(at),
    metadata: {
      operation: String(operation) as StoredLine['metadata']['operation'],
      actor: textOf(actor),
      reason: textOf(reason),
      counterpart: textOf(counterpart),
    },
    deleted: Number(deleted) === 1,
    origin: textOf(origin),
    changed: changed === null ? undefined : JSON.parse(String(changed)),
  };
}

function textOf(value: unknown): string | undefined {
  return value === null ? undefined : String(value);
}
