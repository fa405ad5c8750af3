import type { ErasureReceipt } from '../model/erasure-receipt.js';
import type { ProfilePatch } from '../model/representation.js';
import type { SchemaDefinition } from '../model/schema.js';
import type {
  CriteriaFor,
  ExtensionName,
  ExtensionsInput,
  KeyName,
  RecordInputFor,
  TypedPatch,
  TypedProfile,
  TypedRepresentation,
} from '../model/typed-schema.js';
import type { ReplacementPreview } from '../rules/replacement-preview.js';
import type { ChangeContext, CreationContext } from './change-context.js';
import type { ChangePage, ChangesOptions } from './change-feed.js';
import type { FindOptions } from './find-or-create.js';
import type { IdentifyOptions } from './identify-options.js';
import type { ImportOptions, ImportResult, ImportRow } from './import-row.js';
import type { HistoryPage } from './profile-history.js';
import type { ProfileService } from './profile-service.js';
import type {
  AtOptions,
  ChangeOptions,
  DeleteOptions,
  DryRun,
  Erased,
  EraseOptions,
  FoundOrCreated,
  GetOptions,
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
} from './service-options.js';

/**
 * A profile to create, and optionally its customer id, typed by the schema. Without an id, the service generates one.
 */
export type TypedCreateInput<S extends SchemaDefinition> = TypedRepresentation<S> & {
  readonly customerId?: string | undefined;
};

/** {@link GetOptions}, typed by the schema. */
export interface TypedGetOptions<S extends SchemaDefinition> extends Omit<GetOptions, 'extensions'> {
  readonly extensions?: 'all' | readonly ExtensionName<S>[] | undefined;
}

/** {@link AtOptions}, typed by the schema. */
export interface TypedAtOptions<S extends SchemaDefinition> extends Omit<AtOptions, 'extensions'> {
  readonly extensions?: 'all' | readonly ExtensionName<S>[] | undefined;
}

/** {@link IdentifyOptions}, typed by the schema. */
export interface TypedIdentifyOptions<S extends SchemaDefinition>
  extends Omit<IdentifyOptions, 'key' | 'values' | 'extensions'> {
  readonly key?: KeyName<S> | undefined;
  readonly values?: CriteriaFor<S> | undefined;
  readonly extensions?: 'all' | readonly ExtensionName<S>[] | undefined;
}

/** {@link FindOptions}, typed by the schema. */
export interface TypedFindOptions<S extends SchemaDefinition> extends Omit<FindOptions, 'key' | 'values'> {
  readonly key: KeyName<S>;
  readonly values?: CriteriaFor<S> | undefined;
}

/** {@link FoundOrCreated}, typed by the schema. */
export interface TypedFoundOrCreated<S extends SchemaDefinition> extends Omit<FoundOrCreated, 'profile'> {
  readonly profile: TypedProfile<S>;
}

/** {@link PatchOptions}, typed by the schema. */
export interface TypedPatchOptions<S extends SchemaDefinition> extends Omit<PatchOptions, 'basedOn'> {
  readonly basedOn?: TypedProfile<S> | string | readonly (TypedProfile<S> | string)[] | undefined;
}

/** {@link ReplaceOptions}, typed by the schema. */
export interface TypedReplaceOptions<S extends SchemaDefinition> extends Omit<ReplaceOptions, 'basedOn'> {
  readonly basedOn?: TypedProfile<S> | string | readonly (TypedProfile<S> | string)[] | undefined;
}

/**
 * The methods of {@link ProfileService} bound to one tenant. If a schema was passed to `dossier.tenant`, their
 * arguments and results have the names and types that it declares.
 */
export class TenantProfiles<S extends SchemaDefinition = SchemaDefinition> {
  readonly #profiles: ProfileService;
  readonly #tenantId: string;

  /** Called by `dossier.tenant`, not by hosts. */
  constructor(profiles: ProfileService, tenantId: string) {
    this.#profiles = profiles;
    this.#tenantId = tenantId;
  }

  /** {@link ProfileService.create} */
  create(input: TypedCreateInput<S>, context?: CreationContext): Promise<TypedProfile<S>> {
    return typed(this.#profiles.create(this.#tenantId, input, context));
  }

  /** {@link ProfileService.findOrCreate} */
  findOrCreate(
    options: TypedFindOptions<S>,
    input: TypedCreateInput<S>,
    context?: CreationContext,
  ): Promise<TypedFoundOrCreated<S>> {
    return typed(this.#profiles.findOrCreate(this.#tenantId, options as FindOptions, input, context));
  }

  /** {@link ProfileService.createMany} */
  createMany(
    inputs: readonly (TypedCreateInput<S> & Pick<ChangeContext, 'segment'>)[],
    context?: CreationContext,
  ): Promise<readonly TypedProfile<S>[]> {
    return typed(this.#profiles.createMany(this.#tenantId, inputs, context));
  }

  /** {@link ProfileService.import} */
  import(
    rows: AsyncIterable<ImportRow> | Iterable<ImportRow>,
    options?: ImportOptions,
    context?: ChangeContext,
  ): Promise<ImportResult> {
    return this.#profiles.import(this.#tenantId, rows, options, context);
  }

  /** {@link ProfileService.all} */
  all(options?: WalkOptions): AsyncGenerator<TypedProfile<S>> {
    return this.#profiles.all(this.#tenantId, options) as AsyncGenerator<TypedProfile<S>>;
  }

  /** {@link ProfileService.get} */
  get(customerId: string, options?: TypedGetOptions<S>): Promise<TypedProfile<S>> {
    return typed(this.#profiles.get(this.#tenantId, customerId, options));
  }

  /** {@link ProfileService.identify} */
  identify(options: TypedIdentifyOptions<S>): Promise<Page<TypedProfile<S>>> {
    return typed(this.#profiles.identify(this.#tenantId, options as IdentifyOptions));
  }

  /** {@link ProfileService.replace} */
  replace(
    customerId: string,
    representation: TypedRepresentation<S>,
    options?: TypedReplaceOptions<S>,
  ): Promise<TypedProfile<S>> {
    return typed(this.#profiles.replace(this.#tenantId, customerId, representation, options as ReplaceOptions));
  }

  /** {@link ProfileService.patch} */
  patch(customerId: string, patch: TypedPatch<S>, options?: TypedPatchOptions<S>): Promise<TypedProfile<S>> {
    return typed(this.#profiles.patch(this.#tenantId, customerId, patch as ProfilePatch, options as PatchOptions));
  }

  /** {@link ProfileService.preview} */
  preview(
    customerId: string,
    representation: TypedRepresentation<S>,
    options?: TypedReplaceOptions<S>,
  ): Promise<ReplacementPreview> {
    return this.#profiles.preview(this.#tenantId, customerId, representation, options as ReplaceOptions);
  }

  /** {@link ProfileService.dryRun} */
  dryRun<Result>(change: (profiles: TenantProfiles<S>) => Promise<Result>): Promise<DryRun<Result>> {
    return this.#profiles.dryRun(this.#tenantId, (profiles) => change(new TenantProfiles(profiles, this.#tenantId)));
  }

  /** {@link ProfileService.delete} */
  delete(customerId: string, options?: DeleteOptions): Promise<void> {
    return this.#profiles.delete(this.#tenantId, customerId, options);
  }

  /** {@link ProfileService.erase} */
  erase(customerId: string, options?: EraseOptions): Promise<Erased> {
    return this.#profiles.erase(this.#tenantId, customerId, options);
  }

  /** {@link ProfileService.erasure} */
  erasure(customerId: string): Promise<ErasureReceipt> {
    return this.#profiles.erasure(this.#tenantId, customerId);
  }

  /** {@link ProfileService.insertRecords} */
  insertRecords(customerId: string, records: ExtensionsInput<S>, options?: ChangeOptions): Promise<TypedProfile<S>> {
    return typed(this.#profiles.insertRecords(this.#tenantId, customerId, records, options));
  }

  /** {@link ProfileService.updateRecord} */
  updateRecord<Name extends ExtensionName<S>>(
    customerId: string,
    extension: Name,
    record: RecordInputFor<S, Name>,
    options?: ChangeOptions,
  ): Promise<TypedProfile<S>> {
    return typed(this.#profiles.updateRecord(this.#tenantId, customerId, extension, record, options));
  }

  /** {@link ProfileService.deleteRecord} */
  deleteRecord<Name extends ExtensionName<S>>(
    customerId: string,
    extension: Name,
    record: RecordInputFor<S, Name>,
    options?: ChangeOptions,
  ): Promise<TypedProfile<S>> {
    return typed(this.#profiles.deleteRecord(this.#tenantId, customerId, extension, record, options));
  }

  /** {@link ProfileService.merge} */
  merge(destinationId: string, sourceId: string, options?: MergeOptions): Promise<TypedProfile<S>> {
    return typed(this.#profiles.merge(this.#tenantId, destinationId, sourceId, options));
  }

  /** {@link ProfileService.unmerge} */
  unmerge(destinationId: string, sourceId: string, options?: UnmergeOptions): Promise<TypedProfile<S>> {
    return typed(this.#profiles.unmerge(this.#tenantId, destinationId, sourceId, options));
  }

  /** {@link ProfileService.history} */
  history(customerId: string, options?: HistoryOptions): Promise<HistoryPage> {
    return this.#profiles.history(this.#tenantId, customerId, options);
  }

  /** {@link ProfileService.at} */
  at(customerId: string, point: number | Date, options?: TypedAtOptions<S>): Promise<TypedProfile<S>> {
    return typed(this.#profiles.at(this.#tenantId, customerId, point, options));
  }

  /** {@link ProfileService.restore} */
  restore(
    customerId: string,
    revision: number,
    options?: RestoreOptions,
  ): Promise<TypedProfile<S> & Pick<RestoredProfile, 'unknown'>> {
    return typed(this.#profiles.restore(this.#tenantId, customerId, revision, options));
  }

  /** {@link ProfileService.changes} */
  changes(options?: ChangesOptions): Promise<ChangePage> {
    return this.#profiles.changes(this.#tenantId, options);
  }

  /** {@link ProfileService.prune} */
  prune(options?: PruneOptions): Promise<number> {
    return this.#profiles.prune(this.#tenantId, options);
  }
}

/** A cast: values are checked against the stored schema at run time, and typed by the declared one. */
function typed<Result>(result: Promise<unknown>): Promise<Result> {
  return result as Promise<Result>;
}
