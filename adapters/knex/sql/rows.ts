import type { StoredProfile, StoredSchema } from 'dossier/storage';
import type { Row } from './statement.js';

/** The profile in a row of {@link RowReads.load}; `undefined` if it does not exist. */
export function profileOf(row: Row): StoredProfile | undefined {
  const [, id, revision, segment, attributes, created, updated, extensions] = row;
  if (id === null || id === undefined) return undefined;
  return {
    customerId: String(id),
    // Some drivers return 64-bit integers as strings.
    revision: Number(revision),
    segment: segment === null ? undefined : String(segment),
    attributes: parseDocument(attributes),
    extensions: extensions === undefined ? undefined : parseDocument(extensions),
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

/** The schema version, the first value of the row; `undefined` if the tenant has no schema. */
export function schemaVersionOf(row: Row | undefined): number | undefined {
  const version = row?.[0] ?? undefined;
  return version === undefined ? undefined : Number(version);
}

/** The schema in a row of {@link RowReads.loadSchema}. */
export function schemaOf([version, document]: Row): { readonly version: number; readonly schema: StoredSchema } {
  return { version: Number(version), schema: parseDocument(document) };
}

/** @throws Error without the parser's own message, which would quote the text: personal data */
function parseDocument<Document>(text: unknown): Document {
  try {
    return JSON.parse(String(text));
  } catch {
    throw new Error('A stored document is not valid JSON.');
  }
}
