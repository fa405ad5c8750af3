import { MalformedRequestError, NotFoundError } from '../errors.js';
import { copyInput } from '../model/defensive-copy.js';
import type { Profile } from '../model/profile.js';
import type { Representation } from '../model/representation.js';
import type { CompiledExtension, CompiledSchema } from '../rules/compiled-schema.js';
import { checkTenantId, isCustomerId } from '../rules/ids.js';
import { checkOptionNames, type OptionNames } from '../rules/method-options.js';
import { foldName, isName } from '../rules/names.js';
import {
  decideRecordDeletion,
  decideRecordUpdate,
  type RecordDecision,
  type RecordPatch,
} from '../rules/record-change.js';
import { decideInsertion, type RecordsByExtension } from '../rules/record-insertion.js';
import { decideReplacement } from '../rules/replacement.js';
import { profilePages } from '../storage/profile-pages.js';
import type { StoredProfile } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { traceOperation } from '../storage/tracing.js';
import { turnAfter } from '../storage/turns.js';
import { captureRepresentation } from './captured-representation.js';
import { type ChangeContext, checkContext } from './change-context.js';
import { type ExpectedRevision, readExpectedRevision } from './expected-revision.js';
import { checkForce } from './force.js';
import type { IdentifyOptions } from './identify-options.js';
import type { ImportOptions, ImportResult, ImportRow } from './import-row.js';
import { noSuchProfile, type ProfileChange, type ProfileChanges } from './profile-changes.js';
import { type CreateInput, type CreateManyInput, ProfileCreation } from './profile-creation.js';
import { importProfiles } from './profile-import.js';
import { loadProfile, type ProfileSource } from './profile-loading.js';
import { mergeProfiles } from './profile-merging.js';
import { searchProfiles } from './profile-search.js';
import { profileView, type WantedExtensions, wantedExtensions } from './profile-view.js';
import type { ReadSnapshots } from './read-snapshots.js';
import { deletion } from './repository-changes.js';
import type { ImportServices } from './row-commit.js';
import type { Settings } from './settings.js';

/** The maximum number of profiles in one call of `createMany`. */
const MAX_BATCH = 1_000;

/** A page of results. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** The `after` of the next page. Absent on the last page. */
  readonly next?: string;
}

/** Options of {@link ProfileService.get}. */
export interface GetOptions {
  /** The extensions to return: names, ignoring case, or `'all'`. Default: none. */
  readonly extensions?: 'all' | readonly string[] | undefined;
  /**
   * Whether to read from the primary storage, which has every acknowledged write, instead of a replica. Default false.
   */
  readonly fresh?: boolean | undefined;
}

/** Options of {@link ProfileService.all}. */
export interface WalkOptions {
  /** Start after this customer id, exclusive. It need not belong to a profile. */
  readonly after?: string | undefined;
}

/** Options of {@link ProfileService.delete}. */
export interface DeleteOptions {
  /** The optimistic-lock token: the revision that the profile must still have (R14). */
  readonly ifRevision?: ExpectedRevision | undefined;
}

/** Options of every method that changes an existing profile. */
export interface ChangeOptions extends ChangeContext {
  /** The optimistic-lock token: the revision that the profile must still have (R14). */
  readonly ifRevision?: ExpectedRevision | undefined;
}

/** Options of {@link ProfileService.merge}. `ifRevision` is the revision of the destination. */
export interface MergeOptions extends ChangeOptions {
  /**
   * Whether the source's records win conflicts. If false, a conflict is a `MergeConflictError` (W11). Default false.
   */
  readonly force?: boolean | undefined;
}

/** Options of {@link ProfileService.replace}. */
export interface ReplaceOptions extends ChangeOptions {
  /**
   * The profile as this service returned it: the optimistic-lock token (R14). The replacement fails if the profile has
   * changed or was recreated since. It needs no other read: one read and one write in all. Read the profile with its
   * extensions if you replace them.
   */
  readonly basedOn?: Profile | undefined;
}

const GET_OPTIONS: OptionNames<GetOptions> = { extensions: true, fresh: true };
const DELETE_OPTIONS: OptionNames<DeleteOptions> = { ifRevision: true };
const CHANGE_OPTIONS: OptionNames<ChangeOptions> = { ifRevision: true, segment: true };
const MERGE_OPTIONS: OptionNames<MergeOptions> = { ...CHANGE_OPTIONS, force: true };
const REPLACE_OPTIONS: OptionNames<ReplaceOptions> = { ...CHANGE_OPTIONS, basedOn: true };
const WALK_OPTIONS: OptionNames<WalkOptions> = { after: true };

/**
 * Creates, reads, changes, finds, imports and deletes profiles. The first argument of each method is the tenant id; a
 * method sees and changes that tenant only (R17).
 *
 * In addition to the errors named with each method, all of them throw:
 *
 * - `StorageUnavailableError` if the storage fails, or concurrent changes conflict with every attempt;
 * - `MalformedRequestError` if an argument or option has the wrong form, or an option is unknown.
 */
export class ProfileService {
  readonly #source: ProfileSource;
  /** For reads that may lag. The primary source if there is no replica. */
  readonly #replica: ProfileSource;
  readonly #changes: ProfileChanges;
  readonly #creation: ProfileCreation;
  readonly #snapshots: ReadSnapshots;
  readonly #maxProfileBytes: number;

  /** Called by `createDossier`, not by hosts. */
  constructor(source: ProfileSource, changes: ProfileChanges, settings: Settings, snapshots: ReadSnapshots) {
    const { replica } = settings;
    this.#source = source;
    this.#replica = replica ? { repository: replica, schemas: source.schemas.over(replica) } : source;
    this.#changes = changes;
    this.#creation = new ProfileCreation(source.schemas, changes, settings);
    this.#snapshots = snapshots;
    this.#maxProfileBytes = settings.maxProfileBytes;
  }

  /**
   * Creates a profile with revision 1. Without a `customerId`, the service generates one: by default 16 characters of
   * `0-9A-Za-z` that sort by creation time.
   *
   * ```ts
   * const { customerId } = await profiles.create('1', { attributes: { FirstName: 'Bruce' } });
   * ```
   *
   * @returns the profile as stored, with its extensions if the input has any (W5)
   * @throws SchemaNotDefinedError if the tenant has no schema (R15)
   * @throws InvalidProfileError if the input breaks rules, with all violations (R11)
   * @throws AlreadyExistsError if the customer id is taken
   * @throws IdentityTakenError if another profile has the same values for a unique key (R19)
   * @throws TooLargeError if the profile exceeds `maxProfileBytes`
   */
  create(tenantId: string, input: CreateInput, context: ChangeContext = {}): Promise<Profile> {
    return traceOperation('profiles.create', tenantId, async () => {
      checkTenantId(tenantId);
      checkContext(context);
      const { schema, profile, extensions } = await this.#creation.one(tenantId, input, context);
      return this.#answerInTurn(tenantId, schema, profile, extensions ?? 'none');
    });
  }

  /**
   * Creates many profiles in one commit: all of them, or none. For bulk loads, since a batch costs little more than one
   * profile.
   *
   * @param inputs at most 1,000. Each may have its own segment
   * @returns the profiles as stored, without extensions, in the order of the inputs
   * @throws SchemaNotDefinedError, AlreadyExistsError, IdentityTakenError, TooLargeError as {@link create}
   * @throws InvalidProfileError as {@link create}. Pointers start at the array, such as `/3/attributes/FirstName`
   */
  createMany(
    tenantId: string,
    inputs: readonly CreateManyInput[],
    context: ChangeContext = {},
  ): Promise<readonly Profile[]> {
    return traceOperation('profiles.createMany', tenantId, async () => {
      checkTenantId(tenantId);
      checkContext(context);
      if (!Array.isArray(inputs) || inputs.length > MAX_BATCH) {
        throw new MalformedRequestError(`\`inputs\` must be an array of at most ${MAX_BATCH} profiles.`);
      }
      if (inputs.length === 0) return [];
      const created = await this.#creation.many(tenantId, inputs, context);
      const answered: Profile[] = [];
      for (const { schema, profile } of created) {
        answered.push(await this.#answerInTurn(tenantId, schema, profile, 'none'));
      }
      return answered;
    });
  }

  /**
   * Imports any number of profiles in batches, so that memory use does not depend on their number. A row with an error
   * changes nothing, and the import goes on with the next one. A row names the revision that it expects by `revision`; one
   * that does not is exempt from `requireExpectedRevision`, since `existing` says what is meant.
   *
   * ```ts
   * const { created, errors } = await profiles.import('1', rows, { existing: 'replace' });
   * ```
   *
   * @param rows the rows, such as those that `ndjsonRows` or `csvRows` of `dossier/formats` read from a file
   * @returns the counts, and the first errors with their lines
   * @throws SchemaNotDefinedError if the tenant has no schema (R15)
   * @throws NotFoundError if the identification key `idKey` does not exist. No row is imported
   * @throws MalformedRequestError also if a row is not an object with an integer `line`. The rows before it are
   *   imported
   * @throws any error that the iteration of `rows` throws. The rows before it are imported
   */
  import(
    tenantId: string,
    rows: AsyncIterable<ImportRow> | Iterable<ImportRow>,
    options: ImportOptions = {},
    context: ChangeContext = {},
  ): Promise<ImportResult> {
    return traceOperation('profiles.import', tenantId, async () => {
      checkTenantId(tenantId);
      checkContext(context);
      const services: ImportServices = {
        profiles: this,
        schemas: this.#source.schemas,
        replace: (tenant, customerId, input, replaceOptions = {}) =>
          this.#replace(tenant, customerId, input, replaceOptions, 'any'),
      };
      return importProfiles(services, tenantId, rows, options, context);
    });
  }

  /**
   * Iterates over all profiles of the tenant, with all extensions, in byte order of their customer ids. Concurrent
   * changes are allowed: a profile that exists throughout the iteration is yielded exactly once.
   *
   * @throws NotFoundError if the tenant has no schema
   */
  async *all(tenantId: string, options: WalkOptions = {}): AsyncGenerator<Profile> {
    checkTenantId(tenantId);
    checkOptionNames(options, WALK_OPTIONS);
    const { after } = options;
    if (after !== undefined && !isCustomerId(after)) {
      throw new MalformedRequestError('`after` must be a customer id, such as that of the last profile received.');
    }
    const schema = await this.#source.schemas.newest(tenantId);
    if (!schema) throw new NotFoundError('The tenant has no schema.');
    for await (const page of profilePages(this.#source.repository, tenantId, after)) {
      for (const stored of page) yield await this.#answerInTurn(tenantId, schema, stored, 'all');
    }
  }

  /**
   * Reads a profile: all attributes, and the requested extensions.
   *
   * ```ts
   * const profile = await profiles.get('1', customerId, { extensions: ['Address'] });
   * ```
   *
   * @throws NotFoundError if the profile does not exist, or the schema has no extension of a requested name
   */
  get(tenantId: string, customerId: string, options: GetOptions = {}): Promise<Profile> {
    return traceOperation('profiles.get', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, GET_OPTIONS);
      const { extensions, fresh } = options;
      const wanted = copyInput(extensions);
      const withExtensions = wanted === 'all' || (wanted?.length ?? 0) > 0;
      const source = fresh ? this.#source : this.#replica;
      const { schema, profile } = await loadProfile(source, tenantId, customerId, withExtensions);
      if (!schema || !profile) throw noSuchProfile();
      return this.#answerInTurn(tenantId, schema, profile, wantedExtensions(schema, wanted));
    });
  }

  /**
   * Finds profiles by an identification key (R18, W6): those that have all the values, in byte order of their customer
   * ids.
   *
   * ```ts
   * const { items } = await profiles.identify('1', { values: { EmailAddress: 'bruce.banner@example.com' } });
   * ```
   *
   * @returns a page of profiles; `next`, where there may be more, is the `after` of the page that follows. A search by
   *   values beyond those of the key looks at no more than about 1,000 profiles that share these, so its page may be
   *   short, or empty, and have a `next` all the same.
   * @throws NotFoundError if the tenant has no schema, or no such key that is complete, or no such extension
   * @throws MalformedRequestError if no key covers what is asked for, or a value is none of its attribute's
   */
  identify(tenantId: string, options: IdentifyOptions): Promise<Page<Profile>> {
    return traceOperation('profiles.identify', tenantId, async () => {
      checkTenantId(tenantId);
      const source = options?.fresh ? this.#source : this.#replica;
      const { schema, profiles, wanted, next } = await searchProfiles(source, tenantId, options);
      const items: Profile[] = [];
      for (const profile of profiles) items.push(await this.#answerInTurn(tenantId, schema, profile, wanted));
      return next === undefined ? { items } : { items, next };
    });
  }

  /**
   * Replaces a profile in full. Afterwards, its attributes are exactly those of the representation (R6). If the
   * representation has extensions, they replace all extensions (R8); otherwise the extensions stay as they are (R7). A
   * replacement that equals the stored profile changes nothing, not even the revision (R13).
   *
   * ```ts
   * const profile = await profiles.get('1', customerId);
   * const attributes = { ...profile.attributes, LastName: 'Banner' };
   * await profiles.replace('1', customerId, { attributes }, { basedOn: profile });
   * ```
   *
   * @returns the profile as stored, with the extensions that the representation names, if any (W5)
   * @throws SchemaNotDefinedError if the tenant has no schema (R15)
   * @throws NotFoundError if the profile does not exist: a replacement never creates one (R15)
   * @throws InvalidProfileError if the representation breaks rules, with all violations. Nothing was changed (R11, R12)
   * @throws PreconditionRequiredError if the call names no revision, and the host requires one
   * @throws RevisionConflictError if the profile no longer has the expected revision (R14)
   * @throws IdentityTakenError if another profile has the same values for a unique key (R19)
   * @throws TooLargeError if the profile would exceed `maxProfileBytes`
   */
  replace(
    tenantId: string,
    customerId: string,
    representation: Representation,
    options: ReplaceOptions = {},
  ): Promise<Profile> {
    return this.#replace(tenantId, customerId, representation, options);
  }

  /** @param otherwise what to expect if the options name no revision */
  #replace(
    tenantId: string,
    customerId: string,
    representation: Representation,
    options: ReplaceOptions,
    otherwise?: 'any',
  ): Promise<Profile> {
    return traceOperation('profiles.replace', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, REPLACE_OPTIONS);
      const { ifRevision, basedOn, ...context } = options;
      checkContext(context);
      if (basedOn !== undefined && (basedOn?.tenantId !== tenantId || basedOn.customerId !== customerId)) {
        throw new MalformedRequestError('`basedOn` must be the profile to replace, as a service returned it.');
      }
      const expected = readExpectedRevision(ifRevision, basedOn) ?? otherwise;
      const snapshot = basedOn && this.#snapshots.of(basedOn);
      const known = this.#source.schemas.known(tenantId);
      const captured = captureRepresentation(representation, known, this.#maxProfileBytes);
      const change: ProfileChange = {
        needsExtensions: (schema) => captured(schema).namedExtensions !== undefined,
        decide: (schema) => {
          const check = captured(schema);
          return (current) => decideReplacement(schema, current, check);
        },
        segment: context.segment,
        createdAt: snapshot?.createdAt ?? basedOn?.createdAt,
      };
      const { schema, profile } =
        (snapshot && (await this.#changes.changeKnown(tenantId, snapshot, change))) ??
        (await this.#changes.change(tenantId, customerId, change, expected));
      return this.#answerInTurn(tenantId, schema, profile, captured(schema).namedExtensions ?? 'none');
    });
  }

  /**
   * Deletes a profile with all its extensions.
   *
   * @throws NotFoundError if the profile does not exist
   * @throws PreconditionRequiredError if the call names no revision, and the host requires one
   * @throws RevisionConflictError if the profile no longer has the expected revision (R14)
   * @throws ReferencedError if a foreign key of the host refuses it
   */
  delete(tenantId: string, customerId: string, options: DeleteOptions = {}): Promise<void> {
    return traceOperation('profiles.delete', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, DELETE_OPTIONS);
      const expected = readExpectedRevision(options.ifRevision);
      await retry(async () => {
        const { schema, profile } = await this.#changes.load(tenantId, customerId, true);
        if (!schema || !profile) throw noSuchProfile();
        this.#changes.expect(expected, undefined, profile);
        const result = await this.#changes.commit([deletion(tenantId, schema, profile)]);
        return result.outcome === 'committed' || undefined;
      });
    });
  }

  /**
   * Inserts extension records (W9). In a multi-valued extension, a record replaces the one with the same unique
   * attributes, or is appended if there is none. In a single-valued extension, it replaces the record. Other extensions
   * stay as they are.
   *
   * ```ts
   * await profiles.insertRecords('1', customerId, { Phone: [{ Number: '+1 555 0100' }] });
   * ```
   *
   * @returns the profile as stored, with all extensions
   * @throws SchemaNotDefinedError, NotFoundError, InvalidProfileError, PreconditionRequiredError,
   *   RevisionConflictError, IdentityTakenError, TooLargeError as {@link replace}
   */
  async insertRecords(
    tenantId: string,
    customerId: string,
    records: RecordsByExtension,
    options: ChangeOptions = {},
  ): Promise<Profile> {
    const input = copyInput(records);
    await turnAfter({ attributes: {}, extensions: input });
    return this.#changeExtensions('insertRecords', tenantId, customerId, options, (schema) => {
      return (current) => decideInsertion(schema, current, input, this.#maxProfileBytes);
    });
  }

  /**
   * Updates one record of a multi-valued extension (W10). All unique attributes of the extension identify the record.
   * The other attributes in `record` change, `null` resets one to its default or removes it, and all others stay as
   * they are.
   *
   * @param extension the name of the extension, ignoring case
   * @param record the attributes that identify the record, and those to change
   * @returns the profile as stored, with all extensions
   * @throws NotFoundError if the extension, the profile or the record does not exist
   * @throws MalformedRequestError also if the extension has no unique attributes
   * @throws SchemaNotDefinedError, InvalidProfileError, PreconditionRequiredError, RevisionConflictError,
   *   IdentityTakenError, TooLargeError as {@link replace}
   */
  async updateRecord(
    tenantId: string,
    customerId: string,
    extension: string,
    record: RecordPatch,
    options: ChangeOptions = {},
  ): Promise<Profile> {
    const input = copyInput(record);
    return this.#changeRecord('updateRecord', tenantId, customerId, extension, options, (schema, compiled, current) =>
      decideRecordUpdate(schema, compiled, current, input, this.#maxProfileBytes),
    );
  }

  /**
   * Deletes one record of a multi-valued extension (W10). All unique attributes of the extension identify the record.
   * Other attributes in `record` are ignored.
   *
   * @param extension the name of the extension, ignoring case
   * @param record the attributes that identify the record
   * @returns the profile as stored, with all extensions
   * @throws the same errors as {@link updateRecord}
   */
  async deleteRecord(
    tenantId: string,
    customerId: string,
    extension: string,
    record: RecordPatch,
    options: ChangeOptions = {},
  ): Promise<Profile> {
    const input = copyInput(record);
    return this.#changeRecord('deleteRecord', tenantId, customerId, extension, options, (schema, compiled, current) =>
      decideRecordDeletion(schema, compiled, current, input),
    );
  }

  /**
   * Merges a source profile into a destination, and deletes the source in the same commit (W11). The destination keeps
   * its attributes and receives those that it lacks. The values of multi-valued attributes, and records, are joined:
   * first those of the destination.
   *
   * @returns the destination as stored, with all extensions
   * @throws MalformedRequestError also if both ids are the same
   * @throws SchemaNotDefinedError if the tenant has no schema (R15)
   * @throws NotFoundError if the destination or the source does not exist
   * @throws MergeConflictError if records of the two profiles conflict, and `force` is not set
   * @throws ReferencedError if a foreign key of the host refuses the deletion of the source
   * @throws InvalidProfileError if the destination would have too many combinations of values for a key (R18)
   * @throws PreconditionRequiredError if the call names no revision, and the host requires one
   * @throws RevisionConflictError if the destination no longer has the expected revision (R14)
   * @throws IdentityTakenError if another profile has the same values for a unique key (R19)
   * @throws TooLargeError if the destination would exceed `maxProfileBytes`
   */
  merge(tenantId: string, destinationId: string, sourceId: string, options: MergeOptions = {}): Promise<Profile> {
    return traceOperation('profiles.merge', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, MERGE_OPTIONS);
      const { force = false, ifRevision, ...context } = options;
      checkContext(context);
      checkForce(force);
      const expected = readExpectedRevision(ifRevision);
      const request = { force, expected, ...context };
      const { schema, profile } = await mergeProfiles(this.#changes, tenantId, destinationId, sourceId, request);
      return this.#answerInTurn(tenantId, schema, profile, 'all');
    });
  }

  /**
   * Resolves if the storage is reachable and ready.
   *
   * @throws StorageUnavailableError otherwise
   */
  ping(): Promise<void> {
    return traceOperation('profiles.ping', undefined, () => this.#source.repository.ping());
  }

  #changeExtensions(
    operation: string,
    tenantId: string,
    customerId: string,
    options: ChangeOptions,
    decide: ProfileChange['decide'],
  ): Promise<Profile> {
    return traceOperation(`profiles.${operation}`, tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, CHANGE_OPTIONS);
      const { ifRevision, ...context } = options;
      checkContext(context);
      const expected = readExpectedRevision(ifRevision);
      const change: ProfileChange = { needsExtensions: () => true, decide, segment: context.segment };
      const { schema, profile } = await this.#changes.change(tenantId, customerId, change, expected);
      return this.#answerInTurn(tenantId, schema, profile, 'all');
    });
  }

  #changeRecord(
    operation: string,
    tenantId: string,
    customerId: string,
    name: string,
    options: ChangeOptions,
    decide: (schema: CompiledSchema, extension: CompiledExtension, current: StoredProfile) => RecordDecision,
  ): Promise<Profile> {
    return this.#changeExtensions(operation, tenantId, customerId, options, (schema) => {
      const extension = isName(name) ? schema.extensionsByName.get(foldName(name)) : undefined;
      if (!extension) throw new NotFoundError('The schema has no such extension.');
      if (extension.unique.length === 0) {
        throw new MalformedRequestError(
          `The extension ${extension.name} has no unique attributes to identify a record. Define \`unique\` for it.`,
        );
      }
      return (current) => {
        const decision = decide(schema, extension, current);
        if (decision.kind === 'no_such_record') throw new NotFoundError('The profile has no such record.');
        return decision;
      };
    });
  }

  /** Answers a large profile in a turn of the event loop of its own. */
  async #answerInTurn(
    tenantId: string,
    schema: CompiledSchema,
    stored: StoredProfile,
    wanted: WantedExtensions,
  ): Promise<Profile> {
    await turnAfter(stored);
    return this.#view(tenantId, schema, stored, wanted);
  }

  #view(tenantId: string, schema: CompiledSchema, stored: StoredProfile, wanted: WantedExtensions): Profile {
    const profile = profileView(tenantId, schema, stored, wanted);
    this.#snapshots.remember(profile, stored);
    return profile;
  }
}
