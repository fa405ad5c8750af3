import { MalformedRequestError, NotFoundError } from '../errors.js';
import { copyInput } from '../model/defensive-copy.js';
import type { ErasureReceipt } from '../model/erasure-receipt.js';
import { isPositiveInteger } from '../model/guards.js';
import type { Operation } from '../model/operation.js';
import type { Profile } from '../model/profile.js';
import type { ProfilePatch, Representation } from '../model/representation.js';
import type { ServerMode } from '../model/server-mode.js';
import type { CompiledExtension, CompiledSchema } from '../rules/compiled-schema.js';
import { checkTenantId, isCustomerId } from '../rules/ids.js';
import { checkOptionNames } from '../rules/method-options.js';
import { foldName, isName } from '../rules/names.js';
import { patchedMembers } from '../rules/patch.js';
import {
  decideRecordDeletion,
  decideRecordUpdate,
  type RecordDecision,
  type RecordPatch,
} from '../rules/record-change.js';
import { checkInsertion, type RecordsByExtension } from '../rules/record-insertion.js';
import { allLosses, givenForms, previewReplacement, type ReplacementPreview } from '../rules/replacement-preview.js';
import { residualOf } from '../rules/residual.js';
import { DryRunRepository, type RehearsedChange } from '../storage/dry-run-repository.js';
import { profilePages } from '../storage/profile-pages.js';
import type { StoredProfile } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { traceOperation } from '../storage/tracing.js';
import { turnAfter } from '../storage/turns.js';
import { turnAfterInput } from './captured-representation.js';
import {
  attributionOf,
  type ChangeContext,
  type CreationContext,
  checkAfterErasure,
  checkAttribution,
  checkContext,
  checkCreationContext,
} from './change-context.js';
import type { ChangeFeed, ChangePage, ChangesOptions } from './change-feed.js';
import { checkOnProgress } from './checked-callbacks.js';
import { ErasedIds } from './erased-ids.js';
import {
  ANY_STATE,
  type ExpectedState,
  readExpectedState,
  type StateOptions,
  soleExpectation,
} from './expected-state.js';
import { pruneFeed } from './feed-pruning.js';
import { type FindOptions, findOrCreate } from './find-or-create.js';
import { checkForce } from './force.js';
import { pruneHistory } from './history-pruning.js';
import type { IdentifyOptions } from './identify-options.js';
import type { ImportOptions, ImportResult, ImportRow } from './import-row.js';
import { LossGuard } from './loss-guard.js';
import { type Expectation, type ProfileChange, ProfileChanges } from './profile-changes.js';
import { type CreateInput, type CreateManyInput, ProfileCreation } from './profile-creation.js';
import { eraseProfile, erasureNotSupported } from './profile-erasing.js';
import { type HistoryPage, notKept, ProfileHistory } from './profile-history.js';
import { importProfiles } from './profile-import.js';
import { loadProfile, noSuchProfile, type ProfileSource } from './profile-loading.js';
import { mergeProfiles } from './profile-merging.js';
import { Patch } from './profile-patching.js';
import { Replacement } from './profile-replacing.js';
import { restoreProfile } from './profile-restoring.js';
import { searchProfiles } from './profile-search.js';
import { unmergeProfiles } from './profile-unmerging.js';
import { profileView, wantedAttributes, wantedExtensions } from './profile-view.js';
import type { ReadSnapshots } from './read-snapshots.js';
import type { Shown, ViewContent } from './reading.js';
import type { ImportServices } from './row-commit.js';
import { loadServerMode, storeServerMode } from './server-mode.js';
import {
  AT_OPTIONS,
  type AtOptions,
  CHANGE_OPTIONS,
  type ChangeOptions,
  DELETE_OPTIONS,
  type DeleteOptions,
  type DryRun,
  ERASE_OPTIONS,
  type Erased,
  type EraseOptions,
  type FoundOrCreated,
  GET_OPTIONS,
  type GetOptions,
  HISTORY_OPTIONS,
  type HistoryOptions,
  MERGE_OPTIONS,
  type MergeOptions,
  PATCH_OPTIONS,
  type Page,
  type PatchOptions,
  PRUNE_OPTIONS,
  type PruneOptions,
  REPLACE_OPTIONS,
  RESTORE_OPTIONS,
  type ReplaceOptions,
  type RestoredProfile,
  type RestoreOptions,
  UNMERGE_OPTIONS,
  type UnmergeOptions,
  WALK_OPTIONS,
  type WalkOptions,
} from './service-options.js';
import type { Settings } from './settings.js';

/** The maximum number of profiles in one call of `createMany`. */
const MAX_BATCH = 1_000;

/** The maximum number of states on a page of `history`. */
const MAX_STATES = 100;

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
  readonly #history: ProfileHistory;
  readonly #feed: ChangeFeed;
  readonly #erasedIds: ErasedIds;
  readonly #snapshots: ReadSnapshots;
  readonly #settings: Settings;
  /** In a rehearsal, what it changes, and the patches by customer id: their previews tell `null` and `[]` apart (L1). */
  #rehearsal: { readonly repository: DryRunRepository; readonly patches: Map<string, Representation> } | undefined;

  /** Called by `createDossier`, not by hosts. */
  constructor(
    source: ProfileSource,
    changes: ProfileChanges,
    settings: Settings,
    snapshots: ReadSnapshots,
    feed: ChangeFeed,
  ) {
    const { replica } = settings;
    this.#source = source;
    this.#replica = replica ? { repository: replica, schemas: source.schemas.over(replica) } : source;
    this.#changes = changes;
    this.#creation = new ProfileCreation(source.schemas, changes, settings);
    this.#history = new ProfileHistory(source, settings);
    this.#feed = feed;
    this.#erasedIds = new ErasedIds(source.repository);
    this.#snapshots = snapshots;
    this.#settings = settings;
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
   * @throws ErasedError if the customer id is erased, and `afterErasure` does not name its erasure (E2)
   * @throws IdentityTakenError if another profile has the same values for a unique key (R19)
   * @throws TooLargeError if the profile exceeds `maxProfileBytes`
   */
  create(tenantId: string, input: CreateInput, context: CreationContext = {}): Promise<Profile> {
    return traceOperation('profiles.create', tenantId, () => this.#create(tenantId, input, context, 'create'));
  }

  /**
   * Finds a profile by a unique identification key, and returns it unchanged; or creates it, if there is none (L6). Of any
   * number of concurrent calls for the same values one creates the profile, and all return it.
   *
   * ```ts
   * const attributes = { EmailAddress: ['bruce.banner@example.com'] };
   * const { profile, created } = await profiles.findOrCreate('1', { key: 'byEmail' }, { attributes });
   * ```
   *
   * @param input the profile to create. It is checked whether or not one is found, and must have the values to find
   * @param context of the creation; a profile that is found keeps its segment
   * @returns the profile as stored, with the extensions that the input names, if any
   * @throws NotFoundError if the schema has no such key
   * @throws MalformedRequestError also if the key is not unique, or is still backfilling
   * @throws SchemaNotDefinedError, InvalidProfileError, TooLargeError as {@link create}
   * @throws AlreadyExistsError, ErasedError if none is found, and the customer id is taken or erased
   * @throws IdentityTakenError if none is found, and another profile has the same values for another unique key (R19)
   */
  findOrCreate(
    tenantId: string,
    options: FindOptions,
    input: CreateInput,
    context: CreationContext = {},
  ): Promise<FoundOrCreated> {
    return traceOperation('profiles.findOrCreate', tenantId, async () => {
      checkTenantId(tenantId);
      checkCreationContext(context);
      const services = { source: this.#source, creation: this.#creation, settings: this.#settings };
      const found = await findOrCreate(services, tenantId, options, input, context);
      const { schema, profile: stored, extensions = 'none', created } = found;
      const profile = await this.#answerInTurn(tenantId, schema, stored, { attributes: 'all', extensions });
      return { profile, created };
    });
  }

  /**
   * Creates many profiles in one commit: all of them, or none. For bulk loads, since a batch costs little more than one
   * profile.
   *
   * @param inputs at most 1,000. Each may have its own segment
   * @returns the profiles as stored, without extensions, in the order of the inputs
   * @throws SchemaNotDefinedError, AlreadyExistsError, ErasedError, IdentityTakenError, TooLargeError as {@link create}
   * @throws InvalidProfileError as {@link create}. Pointers start at the array, such as `/3/attributes/FirstName`
   */
  createMany(
    tenantId: string,
    inputs: readonly CreateManyInput[],
    context: CreationContext = {},
  ): Promise<readonly Profile[]> {
    return traceOperation('profiles.createMany', tenantId, () => this.#createMany(tenantId, inputs, context, 'create'));
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
   * @throws MalformedRequestError also if a row is not an object with an integer `line`, or has an unknown member, such as a
   *   misspelt `revision`: the rows before it are imported. If a table has columns that are neither known, mapped nor ignored, no row is
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
      return importProfiles(this.#importServices(), tenantId, rows, options, context);
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
    const { after, residual = false } = options;
    if (after !== undefined && !isCustomerId(after)) {
      throw new MalformedRequestError('`after` must be a customer id, such as that of the last profile received.');
    }
    checkResidual(residual);
    const schema = await this.#source.schemas.newest(tenantId);
    if (!schema) throw new NotFoundError('The tenant has no schema.');
    for await (const page of profilePages(this.#source.repository, tenantId, after)) {
      for (const stored of page) {
        const answered = await this.#answerInTurn(tenantId, schema, stored, EVERYTHING);
        yield residual ? withResidualValues(answered, schema, stored) : answered;
      }
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
      const { fresh, residual = false } = options;
      checkResidual(residual);
      const { attributes, extensions: wanted } = copyInput({
        attributes: options.attributes,
        extensions: options.extensions,
      });
      const withExtensions = residual || wanted === 'all' || (wanted?.length ?? 0) > 0;
      const source = fresh ? this.#source : this.#replica;
      const { schema, profile } = await loadProfile(source, tenantId, customerId, withExtensions);
      if (!schema) throw noSuchProfile();
      if (!profile) throw await this.#history.missing(tenantId, customerId);
      const content = {
        attributes: wantedAttributes(schema, attributes),
        extensions: wantedExtensions(schema, wanted),
      };
      const answered = await this.#answerInTurn(tenantId, schema, profile, content);
      return residual ? withResidualValues(answered, schema, profile) : answered;
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
   * @returns a page of profiles; `next`, where there may be more, is the `after` of the page that follows. Large profiles
   *   make a page shorter than `limit`: it has about 1 MiB of them, or one that is larger. A search by
   *   values beyond those of the key looks at no more than about 1,000 profiles that share these, so its page may be
   *   short, or empty, and have a `next` all the same.
   * @throws NotFoundError if the tenant has no schema, or no such key that is complete, or no such extension
   * @throws MalformedRequestError if no key covers what is asked for, or a value is none of its attribute's
   */
  identify(tenantId: string, options: IdentifyOptions): Promise<Page<Profile>> {
    return traceOperation('profiles.identify', tenantId, async () => {
      checkTenantId(tenantId);
      const source = options?.fresh ? this.#source : this.#replica;
      const found = await searchProfiles(source, tenantId, options, this.#settings);
      const { schema, profiles, content, documents, next } = found;
      const items: Profile[] = [];
      for (const profile of profiles) {
        // Without its documents, the stored state cannot be the base of a change.
        if (!documents) items.push(profileView(tenantId, schema, profile, content));
        else items.push(await this.#answerInTurn(tenantId, schema, profile, content));
      }
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
    return traceOperation('profiles.replace', tenantId, async () => {
      return this.#replace(tenantId, customerId, representation, options, 'replace');
    });
  }

  /**
   * Changes the members of a profile that the patch gives (L5, RFC 7396): they replace what is stored, `null` clears to the
   * default where there is one, and all others stay. The record of a single-valued extension is patched member by member;
   * a multi-valued attribute or extension is replaced as a whole.
   *
   * ```ts
   * await profiles.patch('1', customerId, { attributes: { LastName: null }, extensions: { Address: { City: 'Dayton' } } });
   * ```
   *
   * @returns the profile as stored, with the extensions that the patch names, if any
   * @throws InvalidProfileError if the patch breaks rules, or the profile as a whole would
   * @throws SchemaNotDefinedError, NotFoundError, PreconditionRequiredError, RevisionConflictError, IdentityTakenError,
   *   TooLargeError as {@link replace}
   */
  patch(tenantId: string, customerId: string, patch: ProfilePatch, options: PatchOptions = {}): Promise<Profile> {
    return traceOperation('profiles.patch', tenantId, async () => {
      // Copied: it is read again after what is awaited, and the caller may mutate it.
      const given = patchedMembers(copyInput(patch));
      const profile = await this.#patch(tenantId, customerId, given, options, 'patch');
      this.#rehearsal?.patches.set(customerId, given);
      return profile;
    });
  }

  /**
   * Tells what a replacement would do, and does nothing (L1). It is refused exactly as {@link replace} would be.
   *
   * ```ts
   * const { cleared } = await profiles.preview('1', customerId, { attributes }, { basedOn: profile });
   * ```
   *
   * @returns pointers to members, and counts of records, without values
   * @throws the same errors as {@link replace}
   */
  preview(
    tenantId: string,
    customerId: string,
    representation: Representation,
    options: ReplaceOptions = {},
  ): Promise<ReplacementPreview> {
    return traceOperation('profiles.preview', tenantId, async () => {
      const given = copyInput(representation);
      await turnAfterInput(given);
      const { profiles, rehearsed } = this.#rehearse();
      await profiles.replace(tenantId, customerId, given, options);
      const schema = await this.#source.schemas.newest(tenantId);
      if (!schema) throw noSuchProfile();
      const [change] = rehearsed;
      const nothing = { attributes: {} };
      await turnAfter(change?.after ?? nothing);
      return previewReplacement(schema, change?.before ?? nothing, change?.after ?? nothing, givenForms(schema, given));
    });
  }

  /**
   * Carries out changes without storing any, and tells what they would do (L1). Each is refused exactly as it would be;
   * each goes by what is stored, without the ones before it.
   *
   * ```ts
   * const { previews } = await profiles.dryRun('1', (rehearsal) => rehearsal.merge('1', 'ann', 'ann2'));
   * ```
   *
   * @param change is called with services whose changes are not stored
   * @returns the result of `change`, and a preview of each of the first 100 changed profiles, of this tenant. A member that
   *   goes counts as omitted, unless a patch gives it
   * @throws any error that `change` throws
   */
  dryRun<Result>(tenantId: string, change: (profiles: ProfileService) => Promise<Result>): Promise<DryRun<Result>> {
    return traceOperation('profiles.dryRun', tenantId, async () => {
      checkTenantId(tenantId);
      if (typeof change !== 'function') throw new MalformedRequestError('`change` must be a function.');
      const { profiles, rehearsed } = this.#rehearse();
      const result = await change(profiles);
      const schema = await this.#source.schemas.newest(tenantId);
      const nothing = { attributes: {} };
      const previews: { readonly customerId: string; readonly preview: ReplacementPreview }[] = [];
      for (const { customerId, before = nothing, after = nothing, ...change } of rehearsed) {
        if (!schema || change.tenantId !== tenantId) continue;
        await turnAfter(after);
        const patch = profiles.#rehearsal?.patches.get(customerId);
        const forms = patch ? givenForms(schema, patch) : new Map();
        previews.push({ customerId, preview: previewReplacement(schema, before, after, forms) });
      }
      return { result, previews };
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
      checkAttribution(options);
      const expected = this.#expectation(options, tenantId, customerId);
      const metadata = { operation: 'delete', ...attributionOf(options) } as const;
      await retry(async () => {
        const { schema, profile } = await this.#changes.load(tenantId, customerId, true);
        if (!schema) throw noSuchProfile();
        if (!profile) throw await this.#history.missing(tenantId, customerId);
        await this.#changes.expect(expected, tenantId, schema, profile);
        await turnAfter(profile);
        const deletion = this.#changes.deletion(schema, profile, metadata);
        await turnAfter(profile);
        const result = await this.#changes.commit(tenantId, [deletion]);
        return result.outcome === 'committed' || undefined;
      });
    });
  }

  /**
   * Erases a person (E1): removes the profile, or what is kept of one that was deleted or merged away, with its entries,
   * former states and residual values, and likewise all that was merged into it. Nothing is found under these customer ids
   * afterwards, and nothing can be created under them unless the call names the erasure (E2). Erasing again returns the same
   * receipt, `repeated`.
   *
   * ```ts
   * const receipt = await profiles.erase('1', customerId, { actor: 'ann', reason: 'Request 4711' });
   * ```
   *
   * @param options what the receipt says of who and why, so no personal data; and the state that is expected
   * @returns the receipt, which proves what was removed
   * @throws NotFoundError if nothing is kept of the customer id
   * @throws PreconditionRequiredError if the profile exists, the call names no revision, and the host requires one
   * @throws RevisionConflictError if the profile, or its deletion, no longer has the expected revision (R14)
   * @throws NotSupportedError if the repository cannot erase
   */
  erase(tenantId: string, customerId: string, options: EraseOptions = {}): Promise<Erased> {
    return traceOperation('profiles.erase', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, ERASE_OPTIONS);
      checkAttribution(options);
      const request = { ...attributionOf(options), expected: this.#expectation(options, tenantId, customerId) };
      const services = { repository: this.#source.repository, changes: this.#changes, settings: this.#settings };
      return eraseProfile(services, tenantId, customerId, request);
    });
  }

  /**
   * Reads the receipt of the erasure of a customer id (E3).
   *
   * @throws NotFoundError if the customer id is not erased
   * @throws NotSupportedError if the repository cannot erase
   */
  erasure(tenantId: string, customerId: string): Promise<ErasureReceipt> {
    return traceOperation('profiles.erasure', tenantId, async () => {
      checkTenantId(tenantId);
      if (!this.#source.repository.capabilities?.erasure) throw erasureNotSupported();
      const receipt = await this.#erasedIds.receipt(tenantId, customerId);
      if (!receipt) throw new NotFoundError('The tenant has no erasure of this customer id.');
      return receipt;
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
    return this.#changeExtensions('insert_records', tenantId, customerId, options, (schema) =>
      checkInsertion(schema, input, this.#settings),
    );
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
    return this.#changeRecord('update_record', tenantId, customerId, extension, options, (schema, compiled, current) =>
      decideRecordUpdate(schema, compiled, current, input, this.#settings),
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
    return this.#changeRecord('delete_record', tenantId, customerId, extension, options, (schema, compiled, current) =>
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
      const { force = false, ifRevision, basedOn, ...context } = options;
      checkContext(context);
      checkForce(force);
      const expected = this.#expectation({ ifRevision, basedOn }, tenantId, destinationId);
      const request = { force, expected, ...context };
      const { schema, profile } = await mergeProfiles(this.#changes, tenantId, destinationId, sourceId, request);
      return this.#answerInTurn(tenantId, schema, profile, EVERYTHING);
    });
  }

  /**
   * Takes a merge back (H4): both profiles become what they were before the latest merge of this source into this
   * destination, in one commit, by the rules of today. The source comes back under its id.
   *
   * ```ts
   * await profiles.unmerge('1', 'ann', 'ann2');
   * ```
   *
   * @returns the destination as stored, with all extensions
   * @throws NotFoundError if the destination does not exist, or has no merge of the source that is kept and was not taken
   *   back already
   * @throws MergeConflictError with `pointers` if the destination has changed since, or the id of the source is taken
   * @throws ErasedError if the source is erased, and `afterErasure` does not name its erasure (E2)
   * @throws NotSupportedError if no history is kept
   * @throws SchemaNotDefinedError, InvalidProfileError, PreconditionRequiredError, RevisionConflictError,
   *   IdentityTakenError, TooLargeError as {@link merge}
   */
  unmerge(tenantId: string, destinationId: string, sourceId: string, options: UnmergeOptions = {}): Promise<Profile> {
    return traceOperation('profiles.unmerge', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, UNMERGE_OPTIONS);
      checkAttribution(options);
      checkAfterErasure(options);
      const { afterErasure } = options;
      const expected = this.#expectation(options, tenantId, destinationId);
      const request = { ...attributionOf(options), expected, afterErasure };
      const services = {
        changes: this.#changes,
        history: this.#history,
        erasedIds: this.#erasedIds,
        settings: this.#settings,
      };
      const { schema, profile } = await unmergeProfiles(services, tenantId, destinationId, sourceId, request);
      return this.#answerInTurn(tenantId, schema, profile, EVERYTHING);
    });
  }

  /**
   * Reads the history of a profile: its states, the newest first, the present one among them (H2). Works for profiles that
   * were deleted as well; a deletion is a state of its own.
   *
   * ```ts
   * const { items } = await profiles.history('1', customerId);
   * ```
   *
   * @returns a page of states without their content; {@link at} reads that. `next`, where there are more, is the `after`
   *   of the page that follows
   * @throws NotFoundError if the tenant has never had the profile
   * @throws NotSupportedError if no history is kept
   */
  history(tenantId: string, customerId: string, options: HistoryOptions = {}): Promise<HistoryPage> {
    return traceOperation('profiles.history', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, HISTORY_OPTIONS);
      const { after, limit = MAX_STATES } = options;
      if (after !== undefined && !isPositiveInteger(after)) {
        throw new MalformedRequestError('`after` must be a revision, such as the `next` of a page.');
      }
      if (!isPositiveInteger(limit) || limit > MAX_STATES) {
        throw new MalformedRequestError(`\`limit\` must be an integer from 1 to ${MAX_STATES}.`);
      }
      return this.#history.page(tenantId, customerId, after, limit);
    });
  }

  /**
   * Reads a profile as it was: as {@link get} would have answered it, by the schema of today (H2). It cannot be the base of
   * a change: pass the profile that `get` returns.
   *
   * ```ts
   * const before = await profiles.at('1', customerId, 7, { extensions: 'all' });
   * ```
   *
   * @param point a revision, or a time: then the last state that was made by it
   * @throws NotFoundError if the state is not kept, or is a deletion; or if the schema has no extension of a requested
   *   name
   * @throws NotSupportedError if no history is kept
   */
  at(tenantId: string, customerId: string, point: number | Date, options: AtOptions = {}): Promise<Profile> {
    return traceOperation('profiles.at', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, AT_OPTIONS);
      const { attributes, extensions } = copyInput({ attributes: options.attributes, extensions: options.extensions });
      checkPoint(point);
      const { schema, profile } = await this.#history.at(tenantId, customerId, point);
      await turnAfter(profile);
      const content = {
        attributes: wantedAttributes(schema, attributes),
        extensions: wantedExtensions(schema, extensions),
      };
      return profileView(tenantId, schema, profile, content);
    });
  }

  /**
   * Makes a profile what it was in a former state, as one more revision (H3): a replacement by the attributes, extensions
   * and segment of that state, which the rules of today may refuse as any other. A profile that was deleted is restored
   * under its id.
   *
   * ```ts
   * await profiles.restore('1', customerId, 7, { reason: 'Emptied by mistake' });
   * ```
   *
   * @returns the profile as stored, with all extensions; and pointers to what the schema of today does not know, which
   *   comes back as residual where none is stored under its name (R23)
   * @throws NotFoundError if the state is not kept, or is a deletion
   * @throws ErasedError if the customer id is erased, and `afterErasure` does not name its erasure (E2)
   * @throws NotSupportedError if no history is kept
   * @throws SchemaNotDefinedError, InvalidProfileError, PreconditionRequiredError, RevisionConflictError,
   *   IdentityTakenError, TooLargeError as {@link replace}
   */
  restore(
    tenantId: string,
    customerId: string,
    revision: number,
    options: RestoreOptions = {},
  ): Promise<RestoredProfile> {
    return traceOperation('profiles.restore', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, RESTORE_OPTIONS);
      checkAttribution(options);
      checkAfterErasure(options);
      if (!isPositiveInteger(revision)) throw new MalformedRequestError('`revision` must be a positive integer.');
      const { ifRevision, basedOn, allowLoss, ...others } = options;
      const { segment: withSegment = true, deleted: withDeleted = true, ...context } = others;
      if (typeof withSegment !== 'boolean') throw new MalformedRequestError('`segment` must be a boolean.');
      if (typeof withDeleted !== 'boolean') throw new MalformedRequestError('`deleted` must be a boolean.');
      const expected = readExpectedState({ ifRevision, basedOn }, tenantId, customerId);
      const guard = new LossGuard(this.#settings.lossGuard, allowLoss);
      const request = { revision, expected, withSegment, withDeleted, guard, ...context };
      const services = {
        changes: this.#changes,
        creation: this.#creation,
        history: this.#history,
        erasedIds: this.#erasedIds,
        settings: this.#settings,
      };
      const { schema, profile, unknown } = await restoreProfile(services, tenantId, customerId, request);
      return Object.assign(await this.#answerInTurn(tenantId, schema, profile, EVERYTHING), { unknown });
    });
  }

  /**
   * Reads the feed of the tenant: a line for each change of a profile (C1), in an order in which those of one profile come by
   * revision. Whoever goes on from `next` sees every line exactly once, whatever writers race, roll back or hold
   * transactions open (C2). Several may read at the same time.
   *
   * ```ts
   * let after = await load('cursor');
   * for (;;) {
   *   const { items, next } = await profiles.changes('1', { after, wait: 30 });
   *   for (const line of items) await handle(line);
   *   await store('cursor', (after = next));
   * }
   * ```
   *
   * @returns the lines after `after`; none, if there is none yet
   * @throws MalformedRequestError also if `after` is no cursor of this tenant
   * @throws CursorExpiredError if lines after it are no longer kept
   * @throws NotSupportedError if no feed is kept, or in a transaction of the host
   */
  changes(tenantId: string, options: ChangesOptions = {}): Promise<ChangePage> {
    return traceOperation('profiles.changes', tenantId, async () => {
      checkTenantId(tenantId);
      return this.#feed.read(tenantId, options);
    });
  }

  /**
   * Removes the former states that the option `history` does not retain (H5), and the lines that `changes` does not, in
   * batches: they are no longer answered anyway. Profiles, and the revisions of deleted ones, stay.
   *
   * ```ts
   * const removed = await profiles.prune('1');
   * ```
   *
   * @returns how many former states and lines were removed
   * @throws NotSupportedError if neither a history nor a feed is kept
   */
  prune(tenantId: string, options: PruneOptions = {}): Promise<number> {
    return traceOperation('profiles.prune', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, PRUNE_OPTIONS);
      const { onProgress } = options;
      checkOnProgress(onProgress);
      const { history, changes, now } = this.#settings;
      if (history === undefined && changes === undefined) throw notKept();
      const { repository } = this.#source;
      const states = history ? await pruneHistory(repository, tenantId, history, now(), onProgress) : 0;
      const lines = changes ? await pruneFeed(repository, tenantId, changes, now()) : 0;
      return states + lines;
    });
  }

  /**
   * The mode of the server, which all tenants share (W14): `production` until it is set. It concerns HTTP alone: the methods
   * of the services work in both modes.
   */
  serverMode(): Promise<ServerMode> {
    return traceOperation('profiles.serverMode', undefined, () => loadServerMode(this.#source.repository));
  }

  /**
   * Sets the mode of the server, for all processes on the storage (W14). In `maintenance`, `dossier/http` refuses changes of
   * profiles in each of them within a second.
   *
   * ```ts
   * await profiles.setServerMode('maintenance');
   * ```
   *
   * @throws NotSupportedError if the repository cannot store it
   */
  setServerMode(mode: ServerMode): Promise<void> {
    return traceOperation('profiles.setServerMode', undefined, () => storeServerMode(this.#source.repository, mode));
  }

  /**
   * Resolves if the storage is reachable and ready.
   *
   * @throws StorageUnavailableError otherwise
   */
  ping(): Promise<void> {
    return traceOperation('profiles.ping', undefined, () => this.#source.repository.ping());
  }

  async #create(
    tenantId: string,
    input: CreateInput,
    context: CreationContext,
    operation: Operation,
  ): Promise<Profile> {
    checkTenantId(tenantId);
    checkCreationContext(context);
    const { schema, profile, extensions } = await this.#creation.one(tenantId, input, context, { operation });
    return this.#answerInTurn(tenantId, schema, profile, { attributes: 'all', extensions: extensions ?? 'none' });
  }

  async #createMany(
    tenantId: string,
    inputs: readonly CreateManyInput[],
    context: CreationContext,
    operation: Operation,
  ): Promise<readonly Profile[]> {
    checkTenantId(tenantId);
    checkCreationContext(context);
    if (!Array.isArray(inputs) || inputs.length > MAX_BATCH) {
      throw new MalformedRequestError(`\`inputs\` must be an array of at most ${MAX_BATCH} profiles.`);
    }
    if (inputs.length === 0) return [];
    const created = await this.#creation.many(tenantId, inputs, context, operation);
    const answered: Profile[] = [];
    for (const { schema, profile } of created) {
      answered.push(await this.#answerInTurn(tenantId, schema, profile, ATTRIBUTES));
    }
    return answered;
  }

  async #replace(
    tenantId: string,
    customerId: string,
    representation: Representation,
    options: ReplaceOptions,
    operation: Operation,
  ): Promise<Profile> {
    checkOptionNames(options, REPLACE_OPTIONS);
    const { allowLoss, ...others } = options;
    return this.#changeContent(operation, tenantId, customerId, others, (expected) => {
      const guard = new LossGuard(this.#settings.lossGuard, allowLoss);
      const known = this.#source.schemas.known(tenantId);
      return new Replacement(representation, expected, known, guard, this.#settings);
    });
  }

  #patch(
    tenantId: string,
    customerId: string,
    given: Representation,
    options: PatchOptions,
    operation: Operation,
  ): Promise<Profile> {
    checkOptionNames(options, PATCH_OPTIONS);
    return this.#changeContent(operation, tenantId, customerId, options, (expected) => {
      return new Patch(given, expected, this.#settings);
    });
  }

  async #changeContent(
    operation: Operation,
    tenantId: string,
    customerId: string,
    { ifRevision, basedOn, rebase = false, ...context }: PatchOptions,
    prepare: (expected: ExpectedState | undefined) => ContentChange,
  ): Promise<Profile> {
    checkTenantId(tenantId);
    checkContext(context);
    // A row of an import need not name a revision, whatever the host requires: `existing` says what is meant.
    const exempt = operation === 'import' ? ANY_STATE : undefined;
    const expected = readExpectedState({ ifRevision, basedOn }, tenantId, customerId) ?? exempt;
    checkRebase(rebase, expected);
    const snapshot = this.#snapshots.of(basedOn);
    const content = prepare(expected);
    const change: ProfileChange = {
      needsExtensions: (schema) => content.needsExtensions(schema),
      decide: (schema) => content.decide(schema),
      guard: (schema, before, after) => content.guard?.(schema, before, after),
      outcome: content.outcome && ((schema) => content.outcome?.(schema)),
      turn: content.turn && (() => content.turn?.()),
      rebase,
      base: snapshot,
      segment: context.segment,
      metadata: { operation, ...attributionOf(context) },
    };
    const shown = content.shown;
    const turn = content.turn?.();
    // Without a turn, nothing is awaited before the input is read.
    if (turn) await turn;
    const { schema, profile, ...result } =
      (await this.#changes.replaceUnseen(tenantId, customerId, change, expected)) ??
      (snapshot && shown && (await this.#changes.changeKnown(tenantId, snapshot, shown, change))) ??
      (await this.#changes.change(tenantId, customerId, change, expected));
    return this.#answerInTurn(tenantId, schema, profile, content.answer(schema, result.shown), result.isChecked);
  }

  #expectation({ ifRevision, basedOn }: StateOptions, tenantId: string, customerId: string): Expectation {
    const state = readExpectedState({ ifRevision, basedOn }, tenantId, customerId);
    return { state, snapshot: this.#snapshots.of(basedOn) };
  }

  /** The same services, whose changes are checked and not stored. */
  #rehearse(): { readonly profiles: ProfileService; readonly rehearsed: readonly RehearsedChange[] } {
    const repository = new DryRunRepository(this.#source.repository);
    const source = { repository, schemas: this.#source.schemas.over(repository) };
    const settings = { ...this.#settings, replica: undefined };
    const changes = new ProfileChanges(source, settings);
    const profiles = new ProfileService(source, changes, settings, this.#snapshots.within(), this.#feed);
    profiles.#rehearsal = { repository, patches: new Map() };
    return { profiles, rehearsed: repository.rehearsed };
  }

  #importServices(): ImportServices {
    return {
      schemas: this.#source.schemas,
      profiles: {
        create: (tenantId, input, context = {}) => this.#create(tenantId, input, context, 'import'),
        createMany: (tenantId, inputs, context = {}) => this.#createMany(tenantId, inputs, context, 'import'),
        identify: (tenantId, options) => this.identify(tenantId, options),
      },
      replace: (tenantId, customerId, representation, options = {}) =>
        this.#replace(tenantId, customerId, representation, options, 'import'),
      patch: (tenantId, customerId, patch, options = {}) =>
        this.#patch(tenantId, customerId, patchedMembers(patch), options, 'import'),
      rehearsedLosses: this.#rehearsal && ((tenantId, customerId) => this.#rehearsedLosses(tenantId, customerId)),
    };
  }

  #rehearsedLosses(tenantId: string, customerId: string): readonly string[] {
    const { before, after } = this.#rehearsal?.repository.takeLatest(tenantId, customerId) ?? {};
    const schema = this.#source.schemas.known(tenantId);
    if (!before || !after || !schema) return [];
    return allLosses(schema, before, previewReplacement(schema, before, after, new Map()));
  }

  #changeExtensions(
    operation: RecordOperation,
    tenantId: string,
    customerId: string,
    options: ChangeOptions,
    decide: ProfileChange['decide'],
  ): Promise<Profile> {
    return traceOperation(`profiles.${RECORD_METHODS[operation]}`, tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, CHANGE_OPTIONS);
      const { ifRevision, basedOn, ...context } = options;
      checkContext(context);
      const expected = readExpectedState({ ifRevision, basedOn }, tenantId, customerId);
      const change: ProfileChange = {
        needsExtensions: () => true,
        decide,
        base: this.#snapshots.of(basedOn),
        segment: context.segment,
        metadata: { operation, ...attributionOf(context) },
      };
      const { schema, profile } = await this.#changes.change(tenantId, customerId, change, expected);
      return this.#answerInTurn(tenantId, schema, profile, EVERYTHING);
    });
  }

  #changeRecord(
    operation: RecordOperation,
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
      return (current, { matches }) => {
        const decision = decide(schema, extension, current);
        if (decision.kind !== 'no_such_record') return decision;
        // In another state than the expected one, that is a conflict first.
        if (matches) throw new NotFoundError('The profile has no such record.');
        return { kind: 'unchanged' };
      };
    });
  }

  /** Answers a large profile in a turn of the event loop of its own. */
  async #answerInTurn(
    tenantId: string,
    schema: CompiledSchema,
    stored: StoredProfile,
    content: ViewContent,
    isChecked = false,
  ): Promise<Profile> {
    await turnAfter(stored);
    const profile = profileView(tenantId, schema, stored, content, isChecked);
    this.#snapshots.remember(profile, stored);
    // The caller may write it as text at once, which takes as long again.
    await turnAfter(stored);
    return profile;
  }
}

/** A change of attributes and extensions, which may be based on readings. */
interface ContentChange extends Pick<ProfileChange, 'needsExtensions' | 'decide' | 'guard' | 'outcome' | 'turn'> {
  readonly shown: Shown | undefined;
  answer(schema: CompiledSchema, shown: Shown | undefined): ViewContent;
}

/** The methods that change records, by the operation that is kept in history. */
const RECORD_METHODS = {
  insert_records: 'insertRecords',
  update_record: 'updateRecord',
  delete_record: 'deleteRecord',
} as const satisfies Partial<Record<Operation, string>>;

type RecordOperation = keyof typeof RECORD_METHODS;

const ATTRIBUTES: ViewContent = { attributes: 'all', extensions: 'none' };
const EVERYTHING: ViewContent = { attributes: 'all', extensions: 'all' };

function checkResidual(residual: unknown): void {
  if (typeof residual !== 'boolean') throw new MalformedRequestError('`residual` must be a boolean.');
}

/** Adds what the schema does not know, if there is anything (R23). */
function withResidualValues(answered: Profile, schema: CompiledSchema, stored: StoredProfile): Profile {
  const residual = residualOf(schema, stored);
  return residual ? Object.assign(answered, { residual: structuredClone(residual) }) : answered;
}

/** @throws MalformedRequestError if `rebase` is no boolean, or if there is not exactly one state to rebase from */
function checkRebase(rebase: unknown, expected: ExpectedState | undefined): void {
  if (typeof rebase !== 'boolean') throw new MalformedRequestError('`rebase` must be a boolean.');
  if (rebase && !(expected && soleExpectation(expected))) {
    throw new MalformedRequestError(
      '`rebase` needs exactly one revision or reading. Set either `basedOn` or `ifRevision`, or over HTTP one tag in If-Match.',
    );
  }
}

function checkPoint(point: unknown): void {
  const isTime = point instanceof Date && !Number.isNaN(point.getTime());
  if (!isTime && !isPositiveInteger(point)) {
    throw new MalformedRequestError('`point` must be a revision, or a valid Date.');
  }
}
