import type { Found, StoredProfile } from 'dossier/storage';
import type { ScriptCall } from './redis-connection.js';
import { parseDocument, parseInteger } from './stored-values.js';
import { COLUMNS, type TenantKeys } from './tenant-keys.js';

/** The most bytes that the columns of a page have, unless one profile alone has more. */
const PAGE_BYTES = 1024 * 1024;

/** A range of a sorted set, with bounds as in `ZRANGEBYLEX`. */
export interface MemberRange {
  readonly sortedSet: string;
  /** `[x` inclusive, `(x` exclusive, `-` the first member. */
  readonly from: string;
  /** `[x` inclusive, `(x` exclusive, `+` the last member. */
  readonly to: string;
  readonly limit: number;
  /** The position of the customer id within a member. */
  readonly idAt: number;
}

/** Returns the keys and arguments of `lua/read-profiles.lua`. */
export function readProfilesCall(tenantKeys: TenantKeys, range: MemberRange, extensions: boolean): ScriptCall {
  const columns = extensions ? COLUMNS : COLUMNS.filter((column) => column !== 'extensions');
  return {
    keys: [tenantKeys.schema, range.sortedSet, ...columns.map((column) => tenantKeys.column(column))],
    arguments: [range.from, range.to, String(range.limit), String(range.idAt), String(PAGE_BYTES)],
  };
}

/** Turns the reply of the script, one list per column, into profiles. */
export function toFound(reply: unknown): Found {
  const [version, more, customerIds, ...columns] = reply as [string | null, 0 | 1, string[], ...(string | null)[][]];
  const profiles = customerIds.map((customerId, index): StoredProfile => {
    const [revision, createdAt, attributes, updatedAt, segment, residual, extensions] = columns.map(
      (column) => column[index],
    );
    return {
      customerId,
      revision: Number(revision),
      segment: segment ?? undefined,
      attributes: parseDocument(attributes ?? ''),
      extensions: typeof extensions === 'string' ? parseDocument(extensions) : undefined,
      residual: typeof residual === 'string' ? parseDocument(residual) : undefined,
      createdAt: createdAt ?? '',
      updatedAt: updatedAt ?? '',
    };
  });
  return { schemaVersion: parseInteger(version), profiles, more: more === 1 };
}
