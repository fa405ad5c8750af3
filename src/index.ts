export { createDossier, type Dossier, type TenantDossier } from './dossier.js';
export * from './errors.js';
export { defineSchema } from './model/define-schema.js';
export type { ErasedCounts, ErasureReceipt } from './model/erasure-receipt.js';
export type { Operation } from './model/operation.js';
export type {
  Attributes,
  AttributeValue,
  ExtensionRecord,
  Extensions,
  Profile,
  ScalarValue,
} from './model/profile.js';
export type {
  FlatRepresentation,
  ProfilePatch,
  Representation,
  SplitPatch,
  SplitRepresentation,
} from './model/representation.js';
export type {
  AttributeDefinition,
  ExtensionDefinition,
  ExtensionType,
  IdentificationKeyDefinition,
  Schema,
  SchemaDefinition,
  ValueType,
} from './model/schema.js';
export type {
  DefinitionChange,
  KeyChange,
  MemberChange,
  SchemaChange,
  SchemaChangePlace,
  SchemaDifference,
} from './model/schema-difference.js';
export type { KeyFinding, RuleFinding, SchemaFinding, SchemaReport } from './model/schema-report.js';
export { SERVER_MODES, type ServerMode } from './model/server-mode.js';
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
  TypedPatch,
  TypedProfile,
  TypedRepresentation,
} from './model/typed-schema.js';
export type { Violation } from './model/violation.js';
export { checkServiceOptions, type DossierOptions, type ServiceOptions } from './options.js';
export type { AfterErasure, Attribution, ChangeContext, CreationContext } from './profiles/change-context.js';
export type { ChangeLine, ChangePage, ChangesOptions, ChangesPolicy } from './profiles/change-feed.js';
export type { ExpectedRevision } from './profiles/expected-revision.js';
export type { BasedOn, StateOptions } from './profiles/expected-state.js';
export type { FindOptions } from './profiles/find-or-create.js';
export type { HistoryPolicy } from './profiles/history-policy.js';
export type { PruneProgress } from './profiles/history-pruning.js';
export type { IdentifyOptions } from './profiles/identify-options.js';
export type { ImportLosses } from './profiles/import-losses.js';
export type { ImportCounts, ImportError, ImportOptions, ImportResult, ImportRow } from './profiles/import-row.js';
export type { CreateInput, CreateManyInput } from './profiles/profile-creation.js';
export type { HistoryPage, ProfileState } from './profiles/profile-history.js';
export { ProfileService } from './profiles/profile-service.js';
export type {
  AtOptions,
  ChangeOptions,
  DeleteOptions,
  DryRun,
  Erased,
  EraseOptions,
  FoundOrCreated,
  GetOptions,
  GuardOptions,
  HistoryOptions,
  MergeOptions,
  Page,
  PatchOptions,
  PruneOptions,
  ReplaceOptions,
  RestoredProfile,
  RestoreOptions,
  UnmergeOptions,
  WalkOptions,
} from './profiles/service-options.js';
export type {
  TenantProfiles,
  TypedAtOptions,
  TypedCreateInput,
  TypedFindOptions,
  TypedFoundOrCreated,
  TypedGetOptions,
  TypedIdentifyOptions,
  TypedPatchOptions,
  TypedReplaceOptions,
} from './profiles/tenant-profiles.js';
export { type JsonOptions, parseJsonDocument } from './rules/json-document.js';
export type { RecordPatch } from './rules/record-change.js';
export type { RecordsByExtension } from './rules/record-insertion.js';
export type { Emptied, ReplacementPreview } from './rules/replacement-preview.js';
export { compareSchemas } from './rules/schema-difference.js';
export type { Cells } from './rules/text-row.js';
export type { BackfillProgress } from './schemas/key-backfill.js';
export type { SchemaProposal } from './schemas/schema-decisions.js';
export type { DefineOptions, TryOutOptions } from './schemas/schema-service.js';
export { SchemaService } from './schemas/schema-service.js';
export type { TenantSchemas } from './schemas/tenant-schemas.js';
export type { TraceMessage } from './storage/tracing.js';
