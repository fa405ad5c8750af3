import type { IndexEntry } from '../src/model/documents.js';
import type { StoredSchema } from '../src/model/stored-schema.js';
import type { CreateChange, DeleteChange, IndexChange, UpdateChange } from '../src/storage/profile-repository.js';

/** The tenant that the clauses work on. */
export const TENANT = '1';
/** A tenant that has profiles with the same ids and entries, and must never notice what happens to {@link TENANT}. */
export const BYSTANDER = '2';

export const ANNA = 'anna';
export const BERT = 'bert';
export const CARL = 'carl';

export const CREATED_AT = '2024-02-29T12:00:00.000Z';
/** In the same millisecond as {@link CREATED_AT}, as the services tell one creation from another. */
export const NEXT_INSTANT = '2024-02-29T12:00:00.000000001Z';
export const UPDATED_AT = '2024-03-01T08:30:15.250Z';

type ChangeDetails<C> = { [Name in Exclude<keyof C, 'kind' | 'customerId'>]?: C[Name] };

// Each builder answers a change of its own, so that a repository that spoils what it is handed spoils one test.

/** A creation in {@link TENANT} by schema version 1. */
export function creation(customerId: string, details: ChangeDetails<CreateChange> = {}): CreateChange {
  return structuredClone({
    kind: 'create',
    tenantId: TENANT,
    customerId,
    schemaVersion: 1,
    attributes: { Name: customerId, Visits: 1, Tags: ['new'] },
    extensions: { Phone: [{ Number: '555-1', Private: true }], Address: [{ City: 'Ulm' }] },
    at: CREATED_AT,
    addEntries: [],
    ...details,
  });
}

/** An update in {@link TENANT} by schema version 1, which leaves segment and extensions as they are. */
export function update(
  customerId: string,
  expectedRevision: number,
  details: ChangeDetails<UpdateChange> = {},
): UpdateChange {
  return structuredClone({
    kind: 'update',
    tenantId: TENANT,
    customerId,
    schemaVersion: 1,
    expectedRevision,
    createdAt: CREATED_AT,
    attributes: { Name: customerId, Visits: expectedRevision + 1 },
    at: UPDATED_AT,
    addEntries: [],
    removeEntries: [],
    ...details,
  });
}

/** A deletion in {@link TENANT} by schema version 1. */
export function deletion(
  customerId: string,
  expectedRevision: number,
  details: ChangeDetails<DeleteChange> = {},
): DeleteChange {
  return structuredClone({
    kind: 'delete',
    tenantId: TENANT,
    customerId,
    schemaVersion: 1,
    expectedRevision,
    createdAt: CREATED_AT,
    removeEntries: [],
    ...details,
  });
}

/** The addition of entries in {@link TENANT} by schema version 1. */
export function indexing(
  customerId: string,
  expectedRevision: number,
  addEntries: readonly IndexEntry[],
  details: ChangeDetails<IndexChange> = {},
): IndexChange {
  const base = { tenantId: TENANT, customerId, schemaVersion: 1, createdAt: CREATED_AT };
  return structuredClone({ kind: 'index', ...base, expectedRevision, addEntries, ...details });
}

/** An entry that only one profile of a tenant may have. The value is ASCII, at most 32 characters. */
export function email(value: string): IndexEntry {
  return { key: 'idEmail', digest: digestOf(value), unique: true };
}

/** An entry that many profiles may share. The value is ASCII, at most 32 characters. */
export function city(value: string): IndexEntry {
  return { key: 'idCity', digest: digestOf(value), unique: false };
}

/** Stands for a SHA-256: 64 hexadecimal digits, different for different values, and legible in a failure. */
export function digestOf(value: string): string {
  const digits = Array.from(value, (character) => character.charCodeAt(0).toString(16).padStart(2, '0'));
  return digits.join('').padEnd(64, '0');
}

/** A schema; repositories see nothing in it but a document, in which `marker` tells one from another. */
export function sampleSchema(marker: string): StoredSchema {
  return {
    attributes: [{ name: 'Name', type: 'string', default: marker }],
    extensions: [{ name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }], unique: [] }],
    identificationKeys: [],
  };
}
