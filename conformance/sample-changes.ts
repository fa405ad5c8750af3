import { copyInput } from '../src/model/defensive-copy.js';
import type { IndexEntry } from '../src/model/documents.js';
import type { StoredSchema } from '../src/model/stored-schema.js';
import type {
  CreateChange,
  DeleteChange,
  IndexChange,
  ReplaceChange,
  UpdateChange,
} from '../src/storage/profile-repository.js';

/** The tenant that the clauses use. */
export const TENANT = '1';
/** A tenant with the same customer ids and index entries, which no change of {@link TENANT} may affect. */
export const BYSTANDER = '2';

export const ANNA = 'anna';
export const BERT = 'bert';
export const CARL = 'carl';
export const EMIL = 'emil';

export const CREATED_AT = '2024-02-29T12:00:00.000Z';
/** In the same millisecond as {@link CREATED_AT}: extra digits distinguish a recreated profile from its predecessor. */
export const RECREATED_AT = '2024-02-29T12:00:00.000000001Z';
export const UPDATED_AT = '2024-03-01T08:30:15.250Z';
export const REPLACED_AT = '2024-03-01T10:00:00.000Z';
export const DELETED_AT = '2024-03-02T16:45:00.500Z';

type ChangeDetails<C> = { [Name in Exclude<keyof C, 'kind' | 'customerId'>]?: C[Name] };

// Each builder returns a fresh copy: a repository that mutates its input must fail one test, not the following ones.
const fresh = <Change>(change: Change): Change => copyInput(change, Number.POSITIVE_INFINITY);

/** A `create` change, for schema version 1. */
export function creation(customerId: string, details: ChangeDetails<CreateChange> = {}): CreateChange {
  return fresh({
    kind: 'create',
    customerId,
    schemaVersion: 1,
    attributes: { Name: customerId, Visits: 1, Tags: ['new'] },
    extensions: { Phone: [{ Number: '555-1', Private: true }], Address: [{ City: 'Ulm' }] },
    at: CREATED_AT,
    addEntries: [],
    metadata: { operation: 'create' },
    ...details,
  });
}

/** A `create` change of a profile of 2 MiB, half of them attributes and half of them extensions. */
export function largeCreation(customerId: string, details: ChangeDetails<CreateChange> = {}): CreateChange {
  // Distinct for each profile; nearly all texts are as long as an attribute may be.
  const texts = Array.from({ length: 16 }, (_, index) => `${customerId}${index} `.padEnd(65_000, customerId));
  return creation(customerId, {
    attributes: Object.fromEntries(texts.map((text, index) => [`Text${index}`, text])),
    extensions: { Log: texts.map((Text) => ({ Text })) },
    ...details,
  });
}

/** An `update` change, for schema version 1, that leaves the extensions alone, and no segment. */
export function update(
  customerId: string,
  expectedRevision: number,
  details: ChangeDetails<UpdateChange> = {},
): UpdateChange {
  return fresh({
    kind: 'update',
    customerId,
    schemaVersion: 1,
    expectedRevision,
    createdAt: CREATED_AT,
    attributes: { Name: customerId, Visits: expectedRevision + 1 },
    at: UPDATED_AT,
    addEntries: [],
    removeEntries: [],
    metadata: { operation: 'replace' },
    ...details,
  });
}

/** A `delete` change, for schema version 1. */
export function deletion(
  customerId: string,
  expectedRevision: number,
  details: ChangeDetails<DeleteChange> = {},
): DeleteChange {
  return fresh({
    kind: 'delete',
    customerId,
    schemaVersion: 1,
    expectedRevision,
    createdAt: CREATED_AT,
    at: DELETED_AT,
    removeEntries: [],
    metadata: { operation: 'delete' },
    ...details,
  });
}

/** An `index` change, for schema version 1. */
export function indexing(
  customerId: string,
  expectedRevision: number,
  addEntries: readonly IndexEntry[],
  details: ChangeDetails<IndexChange> = {},
): IndexChange {
  const base = { customerId, schemaVersion: 1, createdAt: CREATED_AT };
  return fresh({ kind: 'index', ...base, expectedRevision, addEntries, ...details });
}

/** A replacement whatever the revision is, for schema version 1, that leaves extensions, segment and entries alone. */
export function replacement(customerId: string, details: ChangeDetails<ReplaceChange> = {}): ReplaceChange {
  return fresh({
    customerId,
    schemaVersion: 1,
    canonicalSince: 1,
    attributes: { Name: 'replaced' },
    at: REPLACED_AT,
    keys: [],
    entries: [],
    metadata: { operation: 'replace' },
    ...details,
  });
}

/** A unique entry. The value is ASCII, at most 32 characters. */
export function email(value: string): IndexEntry {
  return { key: 'idEmail', digest: digestOf(value), unique: true };
}

/** A non-unique entry. The value is ASCII, at most 32 characters. */
export function city(value: string): IndexEntry {
  return { key: 'idCity', digest: digestOf(value), unique: false };
}

/** Stands in for a SHA-256 digest: 64 hexadecimal digits, distinct per value, and readable in a failure. */
export function digestOf(value: string): string {
  const digits = Array.from(value, (character) => character.charCodeAt(0).toString(16).padStart(2, '0'));
  return digits.join('').padEnd(64, '0');
}

/** A schema. To a repository it is an opaque document; `marker` distinguishes one from another. */
export function sampleSchema(marker: string): StoredSchema {
  return {
    attributes: [{ name: 'Name', type: 'string', default: marker }],
    extensions: [{ name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }], unique: [] }],
    identificationKeys: [],
  };
}
