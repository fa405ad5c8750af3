import type { StoredProfile } from 'dossier';
import type { Row } from './statement.js';
import { documentOf } from './stored-document.js';

/** The profile of a row of `PROFILE` columns; `undefined` where a join found none. */
export function profileOf(row: Row): StoredProfile | undefined {
  const [, id, revision, segment, attributes, created, updated, extensions] = row;
  if (id === null || id === undefined) return undefined;
  return {
    customerId: String(id),
    // Some drivers answer 64-bit integers as strings.
    revision: Number(revision),
    segment: segment === null ? undefined : String(segment),
    attributes: documentOf(attributes),
    extensions: extensions === undefined ? undefined : documentOf(extensions),
    createdAt: String(created),
    updatedAt: String(updated),
  };
}

export function profilesOf(rows: readonly Row[]): StoredProfile[] {
  const profiles: StoredProfile[] = [];
  for (const row of rows) {
    const profile = profileOf(row);
    if (profile) profiles.push(profile);
  }
  return profiles;
}

/** The schema version of a row that begins with it; `undefined` where a join found none. */
export function schemaVersionOf(row: Row | undefined): number | undefined {
  const version = row?.[0] ?? undefined;
  return version === undefined ? undefined : Number(version);
}
