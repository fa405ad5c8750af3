import 'reflect-metadata';

export type { CreateProfilesOptions } from './container/create-profiles.js';
export { createProfiles } from './container/create-profiles.js';
export { identifiers } from './container/identifiers.js';
export type { ProfileOptions } from './container/profile-module.js';
export { profileModule } from './container/profile-module.js';
export * from './errors.js';
export type {
  Attributes,
  AttributeValue,
  ExtensionRecord,
  Extensions,
  Profile,
  ScalarValue,
} from './model/profile.js';
export type { FlatRepresentation, Representation, SplitRepresentation } from './model/representation.js';
export type {
  AttributeDefinition,
  ExtensionDefinition,
  ExtensionType,
  IdentificationKeyDefinition,
  Schema,
  SchemaDefinition,
  ValueType,
} from './model/schema.js';

export type { Violation } from './model/violation.js';
export type { ChangeContext } from './profiles/change-context.js';
export type { ExpectedRevision } from './profiles/expected-revision.js';
export type { IdentifyOptions } from './profiles/identify-options.js';
export type { ImportCounts, ImportError, ImportOptions, ImportResult, ImportRow } from './profiles/import-row.js';
export type { CreateInput, CreateManyInput } from './profiles/profile-creation.js';
export type {
  ChangeOptions,
  DeleteOptions,
  GetOptions,
  MergeOptions,
  Page,
  ReplaceOptions,
} from './profiles/profile-service.js';
export { ProfileService } from './profiles/profile-service.js';
export { parseJsonDocument } from './rules/json-document.js';
export type { RecordInput } from './rules/record-change.js';
export type { RecordsInput } from './rules/record-insertion.js';
export type { Cells } from './rules/text-row.js';
export type { FillingProgress } from './schemas/key-backfill.js';
export type { DefineOptions } from './schemas/schema-service.js';
export { SchemaService } from './schemas/schema-service.js';

export type { TraceMessage } from './storage/tracing.js';
