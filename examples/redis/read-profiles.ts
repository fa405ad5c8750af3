import type { Found, StoredProfile } from 'dossier/storage';
import { countOf } from './counts.js';
import type { ScriptCall } from './redis-connection.js';
import { documentOf } from './stored-document.js';
import { COLUMNS, type TenantKeys } from './tenant-keys.js';

/** A part of a sorted set, in the words of `ZRANGEBYLEX`. */
export interface MemberRange {
  readonly sortedSet: string;
  /** `[x` from x on, `(x` after x, `-` from the first on. */
  readonly from: string;
  /** `[x` up to x, `(x` up to before x, `+` to the last. */
  readonly to: string;
  readonly limit: number;
  /** How many characters of a member come before its customer id. */
  readonly idAt: number;
}

/** The keys and arguments of `lua/read-profiles.lua`. */
export function readProfilesCall(tenantKeys: TenantKeys, range: MemberRange, extensions: boolean): ScriptCall {
  const columns = extensions ? COLUMNS : COLUMNS.filter((column) => column !== 'extensions');
  return {
    keys: [tenantKeys.schema, range.sortedSet, ...columns.map((column) => tenantKeys.column(column))],
    arguments: [range.from, range.to, String(range.limit), String(range.idAt)],
  };
}

/** The script's answer, which holds one list per column, as profiles. */
export function profilesRead(answer: unknown): Found {
  const [version, customerIds, ...columns] = answer as [string | null, string[], ...(string | null)[][]];
  const profiles = customerIds.map((customerId, place): StoredProfile => {
    const [revision, createdAt, attributes, updatedAt, segment, extensions] = columns.map((column) => column[place]);
    return {
      customerId,
      revision: Number(revision),
      segment: segment ?? undefined,
      attributes: documentOf(attributes ?? ''),
      extensions: typeof extensions === 'string' ? documentOf(extensions) : undefined,
      createdAt: createdAt ?? '',
      updatedAt: updatedAt ?? '',
    };
  });
  return { schemaVersion: countOf(version), profiles };
}
