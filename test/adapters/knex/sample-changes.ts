import type { CommitOptions, CreateChange, IndexEntry, SchemaChange, UpdateChange } from 'dossier/storage';

/** A creation by schema version 1. */
export function creation(customerId: string, addEntries: readonly IndexEntry[] = []): CreateChange {
  return {
    kind: 'create',
    metadata: { operation: 'create', actor: 'anna' },
    customerId,
    schemaVersion: 1,
    attributes: { Name: `${SECRET} of ${customerId}` },
    extensions: { Phone: [{ Number: '555' }] },
    at: CREATED_AT,
    addEntries,
  };
}

/** An update by schema version 1, which leaves the extensions unchanged. */
export function update(
  customerId: string,
  expectedRevision: number,
  details: Partial<UpdateChange> = {},
): UpdateChange {
  return {
    kind: 'update',
    metadata: { operation: 'replace' },
    customerId,
    schemaVersion: 1,
    expectedRevision,
    createdAt: CREATED_AT,
    attributes: { Name: `${SECRET} of ${customerId}`, Visits: expectedRevision },
    at: '2024-03-01T08:30:15.250Z',
    addEntries: [],
    removeEntries: [],
    ...details,
  };
}

/** When all profiles were created. */
export const CREATED_AT = '2024-02-29T12:00:00.000Z';

/** In every document, so that a test can search messages for it. */
export const SECRET = 'personal data';

/** The first schema of tenant 1. */
export const firstSchema: SchemaChange = {
  expectedVersion: 0,
  schema: { attributes: [], extensions: [], identificationKeys: [] },
};

/** Commits keep the states that they replace. */
export const HISTORY: CommitOptions = { history: true };

/** A unique entry. */
export function email(digit: string): IndexEntry {
  return { key: 'idEmail', digest: digit.repeat(64), unique: true };
}
