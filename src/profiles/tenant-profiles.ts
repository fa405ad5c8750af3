import type { Profile } from '../model/profile.js';
import type { Representation } from '../model/representation.js';
import type { RecordPatch } from '../rules/record-change.js';
import type { RecordsByExtension } from '../rules/record-insertion.js';
import type { ChangeContext } from './change-context.js';
import type { IdentifyOptions } from './identify-options.js';
import type { ImportOptions, ImportResult, ImportRow } from './import-row.js';
import type { CreateInput, CreateManyInput } from './profile-creation.js';
import type {
  ChangeOptions,
  DeleteOptions,
  GetOptions,
  MergeOptions,
  Page,
  ProfileService,
  ReplaceOptions,
  WalkOptions,
} from './profile-service.js';

/** The methods of {@link ProfileService} bound to one tenant. */
export class TenantProfiles {
  readonly #profiles: ProfileService;
  readonly #tenantId: string;

  /** Called by `dossier.tenant`, not by hosts. */
  constructor(profiles: ProfileService, tenantId: string) {
    this.#profiles = profiles;
    this.#tenantId = tenantId;
  }

  /** {@link ProfileService.create} */
  create(input: CreateInput, context?: ChangeContext): Promise<Profile> {
    return this.#profiles.create(this.#tenantId, input, context);
  }

  /** {@link ProfileService.createMany} */
  createMany(inputs: readonly CreateManyInput[], context?: ChangeContext): Promise<readonly Profile[]> {
    return this.#profiles.createMany(this.#tenantId, inputs, context);
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
  all(options?: WalkOptions): AsyncGenerator<Profile> {
    return this.#profiles.all(this.#tenantId, options);
  }

  /** {@link ProfileService.get} */
  get(customerId: string, options?: GetOptions): Promise<Profile> {
    return this.#profiles.get(this.#tenantId, customerId, options);
  }

  /** {@link ProfileService.identify} */
  identify(options: IdentifyOptions): Promise<Page<Profile>> {
    return this.#profiles.identify(this.#tenantId, options);
  }

  /** {@link ProfileService.replace} */
  replace(customerId: string, representation: Representation, options?: ReplaceOptions): Promise<Profile> {
    return this.#profiles.replace(this.#tenantId, customerId, representation, options);
  }

  /** {@link ProfileService.delete} */
  delete(customerId: string, options?: DeleteOptions): Promise<void> {
    return this.#profiles.delete(this.#tenantId, customerId, options);
  }

  /** {@link ProfileService.insertRecords} */
  insertRecords(customerId: string, records: RecordsByExtension, options?: ChangeOptions): Promise<Profile> {
    return this.#profiles.insertRecords(this.#tenantId, customerId, records, options);
  }

  /** {@link ProfileService.updateRecord} */
  updateRecord(customerId: string, extension: string, record: RecordPatch, options?: ChangeOptions): Promise<Profile> {
    return this.#profiles.updateRecord(this.#tenantId, customerId, extension, record, options);
  }

  /** {@link ProfileService.deleteRecord} */
  deleteRecord(customerId: string, extension: string, record: RecordPatch, options?: ChangeOptions): Promise<Profile> {
    return this.#profiles.deleteRecord(this.#tenantId, customerId, extension, record, options);
  }

  /** {@link ProfileService.merge} */
  merge(destinationId: string, sourceId: string, options?: MergeOptions): Promise<Profile> {
    return this.#profiles.merge(this.#tenantId, destinationId, sourceId, options);
  }
}
