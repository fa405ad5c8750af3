import type { ProfilePage, StoredProfile, StoredSchema } from 'dossier/storage';
import { PAGE_BYTES } from './read-statements.js';
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

/**
 * The page in the rows of {@link RowReads.page} or {@link ReadStatements.find}. More may follow if it has as many profiles
 * as it may, or may be large enough to be full. The database counted the bytes in its encoding, which has at most four for
 * each character.
 */
export function pageOf(rows: readonly Row[], limit: number): ProfilePage {
  const profiles: StoredProfile[] = [];
  let characters = 0;
  for (const row of rows) {
    const profile = profileOf(row);
    if (profile === undefined) continue;
    profiles.push(profile);
    const [, , , , attributes, , , extensions] = row;
    characters += String(attributes).length + String(extensions ?? '').length;
  }
  return { profiles, more: profiles.length === limit || characters >= PAGE_BYTES / 4 };
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
