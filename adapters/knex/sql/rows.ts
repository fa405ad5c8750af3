import type { ProfilePage, StateMetadata, StoredProfile, StoredSchema, StoredState } from 'dossier/storage';
import { PAGE_BYTES } from './read-statements.js';
import type { Row } from './statement.js';

/** The profile in a row of {@link RowReads.load}; `undefined` if it does not exist. */
export function profileOf(row: Row): StoredProfile | undefined {
  const [, id, revision, segment, attributes, created, updated, residual, extensions] = row;
  if (id === null || id === undefined) return undefined;
  return {
    customerId: String(id),
    // Some drivers return 64-bit integers as strings.
    revision: Number(revision),
    segment: textOf(segment),
    // Not read where they are not needed.
    attributes: attributes === null ? {} : parseDocument(attributes),
    extensions: extensions === undefined ? undefined : parseDocument(extensions),
    residual: residual === null ? undefined : parseDocument(residual),
    createdAt: String(created),
    updatedAt: String(updated),
  };
}

/**
 * The page in the rows of {@link RowReads.page} or {@link ReadStatements.find}. More may follow if it has as many profiles
 * as it may, or may be large enough to be full.
 */
export function pageOf(rows: readonly Row[], limit: number): ProfilePage {
  const profiles = rows.flatMap((row) => profileOf(row) ?? []);
  return { profiles, more: isFull(rows, profiles.length, limit) };
}

/** The page in the rows of {@link HistoryReads.history}, the newest state first. */
export function statesOf(
  rows: readonly Row[],
  limit: number,
): { readonly states: readonly StoredState[]; readonly more: boolean } {
  const states = rows.flatMap((row) => stateOf(row) ?? []).sort((one, other) => other.revision - one.revision);
  return { states, more: isFull(rows, states.length, limit) };
}

function stateOf(row: Row): StoredState | undefined {
  const profile = profileOf(row);
  if (profile === undefined) return undefined;
  const [operation, actor, reason, counterpart, deleted] = row.slice(9);
  const { customerId, revision, updatedAt: at } = profile;
  return {
    customerId,
    revision,
    at,
    // Version 0.1 stored none.
    metadata:
      operation === null
        ? undefined
        : {
            operation: String(operation) as StateMetadata['operation'],
            actor: textOf(actor),
            reason: textOf(reason),
            counterpart: textOf(counterpart),
          },
    profile: Number(deleted) === 1 ? undefined : profile,
  };
}

/** The database counted the bytes in its encoding, which has at most four for each character. */
function isFull(rows: readonly Row[], count: number, limit: number): boolean {
  let characters = 0;
  for (const [, , , , attributes, , , residual, extensions] of rows) {
    for (const document of [attributes, residual, extensions]) characters += String(document ?? '').length;
  }
  return count === limit || characters >= PAGE_BYTES / 4;
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

function textOf(value: unknown): string | undefined {
  return value === null ? undefined : String(value);
}

/** @throws Error without the parser's own message, which would quote the text: personal data */
export function parseDocument<Document>(text: unknown): Document {
  try {
    return JSON.parse(String(text));
  } catch {
    throw new Error('A stored document is not valid JSON.');
  }
}
