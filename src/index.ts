import 'reflect-metadata';

export type { ChangeContext } from './change-context.js';
export type { CreateProfilesOptions } from './container/create-profiles.js';
export { createProfiles } from './container/create-profiles.js';
export { identifiers } from './container/identifiers.js';
export type { ProfileOptions } from './container/profile-module.js';
export { profileModule } from './container/profile-module.js';
export * from './errors/index.js';
export type { ExpectedRevision } from './expected-revision.js';
export type { IdentifyOptions } from './identify-options.js';
export type { ImportCounts, ImportError, ImportOptions, ImportResult, ImportRow } from './import-row.js';
export type { FillingProgress } from './key-filling.js';
export { defineSchema } from './model/define-schema.js';
export type {
  AttributeName,
  AttributesInput,
  CriteriaFor,
  ExtensionName,
  ExtensionsInput,
  Infer,
  InferInput,
  KeyName,
  MembersInput,
  RecordInputFor,
  TypedAttributes,
  TypedExtensions,
  TypedProfile,
  TypedRepresentation,
} from './model/typed-schema.js';
export type {
  Attributes,
  AttributeValue,
  ExtensionRecord,
  Extensions,
  Profile,
  ScalarValue,
} from './profile.js';
export type { CreateInput, CreateManyInput } from './profile-creation.js';
export type {
  ChangeOptions,
  DeleteOptions,
  GetOptions,
  MergeOptions,
  Page,
  ReplaceOptions,
} from './profile-service.js';
export { ProfileService } from './profile-service.js';
export { parseJsonDocument } from './rules/json-document.js';
export type { RecordInput } from './rules/record-change.js';
export type { RecordsInput } from './rules/record-insertion.js';
export type { FlatRepresentation, Representation, SplitRepresentation } from './rules/representation.js';
export type {
  AttributeDefinition,
  ExtensionDefinition,
  ExtensionType,
  IdentificationKeyDefinition,
  Schema,
  SchemaDefinition,
  ValueType,
} from './rules/schema.js';
export type { Cells } from './rules/text-row.js';
export type { Violation } from './rules/violation.js';
export type { DefineOptions } from './schema-service.js';
export { SchemaService } from './schema-service.js';
export type * from './storage/profile-repository.js';
export type { StoredSchema } from './storage/stored-schema.js';
export type { TraceMessage } from './tracing.js';
