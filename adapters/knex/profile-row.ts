import type { StoredProfile } from 'dossier';
import type { Row } from './statement.js';

/** The profile of a row; `undefined` where a join found none. */
export function profileOf(row: Row): StoredProfile | undefined {
  const { id, revision, segment, attributes, extensions, created, updated } = row;
  if (id === null || id === undefined) return undefined;
  return {
    customerId: String(id),
    // Some drivers answer 64-bit integers as strings.
    revision: Number(revision),
    segment: segment === null ? undefined : String(segment),
    attributes: JSON.parse(String(attributes)),
    extensions: extensions === undefined ? undefined : JSON.parse(String(extensions)),
    createdAt: String(created),
    updatedAt: String(updated),
  };
}

/** The schema version of a row; `undefined` where a join found none. */
export function schemaVersionOf(row: Row | undefined): number | undefined {
  return row?.version === null || row?.version === undefined ? undefined : Number(row.version);
}
