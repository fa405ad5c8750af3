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
import { CapturedRepresentation } from './captured-representation.js';
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
import type { Settings } from './settings.js';

/** The most profiles that are created at once. */
const MAX_BATCH = 1_000;

/** A part of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next part begins; absent at the end. */
  readonly next?: string;
}

export interface GetOptions {
  /** Which extensions to answer; none by default. Names are without regard to case. */
  readonly extensions?: 'all' | readonly string[] | undefined;
  /** Whether to read where writes go, also where there is a replica: every acknowledged write is seen. Default false. */
  readonly fresh?: boolean | undefined;
}

/** Options of {@link ProfileService.all}. */
export interface WalkOptions {
  /** Begin after this customer id, which need not be one of a profile. */
  readonly after?: string | undefined;
}

export interface DeleteOptions {
  /** The revision that the profile must still have (R14). */
  readonly ifRevision?: ExpectedRevision | undefined;
}

export interface ChangeOptions extends ChangeContext {
  /** The revision that the profile must still have (R14). */
  readonly ifRevision?: ExpectedRevision | undefined;
}

export interface MergeOptions extends ChangeOptions {
  /** Whether the source's records stand where both contradict each other, rather than refuse (W11). Default false. */
  readonly force?: boolean | undefined;
}

export interface ReplaceOptions extends ChangeOptions {
  /**
   * The profile as this service answered it. It must still have that revision (R14), and need not be read again, so that
   * query, modify and update are one read and one write. Read it with its extensions if you replace them.
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
 * The use cases of profiles. Every method takes the tenant first, and works on that tenant alone (R17).
 *
 * Beside the errors named with each, all of them throw `StorageUnavailableError` when the storage fails, and
 * `MalformedRequestError` for arguments of the wrong form (a tenant id, a segment, a revision).
 */
export class ProfileService {
  readonly #source: ProfileSource;
  /** Where reads go that may lag behind. */
  readonly #replica: ProfileSource;
  readonly #changes: ProfileChanges;
  readonly #creation: ProfileCreation;
  readonly #snapshots: ReadSnapshots;
  readonly #maxProfileBytes: number;

  /** Made by `createDossier`. */
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
   * Creates a profile, with revision 1. Without a customer id it generates one: 16 characters of `0-9A-Za-z` that sort
   * by creation time.
   *
   * ```ts
   * const { customerId } = await profiles.create('1', { attributes: { FirstName: 'Bruce' } });
   * ```
   *
   * @returns the profile as kept, with the extensions that were given if any were (W5)
   * @throws SchemaNotDefinedError if the tenant has no schema (R15)
   * @throws InvalidProfileError with all violations (R11)
   * @throws AlreadyExistsError if the customer id is taken
   * @throws IdentityTakenError if another profile has the same values for a unique key (R19)
   * @throws TooLargeError if the profile is over the limit
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
   * Creates many profiles, all of them or none: for bulk loads, since a batch costs little more than one profile.
   *
   * @param inputs at most 1,000; each may have a segment of its own
   * @returns the profiles as kept, without their extensions, in the order of the inputs
   * @throws the same as {@link create}; violations point into the list, such as `/3/attributes/FirstName`
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
        throw new MalformedRequestError(`The profiles to create must be an array of at most ${MAX_BATCH}.`);
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
   * Brings in any number of profiles, in batches, so that memory stays flat.
   *
   * ```ts
   * const { created, errors } = await profiles.import('1', rows, { existing: 'replace' });
   * ```
   *
   * @param rows what a reader of some format yields, such as `ndjsonRows` or `csvRows` of `dossier/formats`
   * @returns counts, and the first errors with their lines; a row with an error changes nothing
   * @throws SchemaNotDefinedError if the tenant has no schema (R15)
   * @throws NotFoundError if there is no such identification key; no row has been brought in then
   * @throws what the rows throw, once those that came before are imported
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
      const services = { profiles: this, schemas: this.#source.schemas };
      return importProfiles(services, tenantId, rows, options, context);
    });
  }

  /**
   * Walks all profiles of the tenant, with all their extensions, in the order of their customer ids. A profile that
   * exists during the whole walk comes exactly once; others write meanwhile as they like.
   *
   * @param after begin after this customer id
   * @throws NotFoundError if the tenant has no schema
   */
  async *all(tenantId: string, options: WalkOptions = {}): AsyncGenerator<Profile> {
    checkTenantId(tenantId);
    checkOptionNames(options, WALK_OPTIONS);
    const { after } = options;
    if (after !== undefined && !isCustomerId(after)) {
      throw new MalformedRequestError('`after` must be a customer id.');
    }
    const schema = await this.#source.schemas.newest(tenantId);
    if (!schema) throw new NotFoundError('The tenant has no schema.');
    for await (const page of profilePages(this.#source.repository, tenantId, after)) {
      for (const stored of page) yield await this.#answerInTurn(tenantId, schema, stored, 'all');
    }
  }

  /**
   * Reads a profile: all attributes, and the extensions that are asked for.
   *
   * ```ts
   * const profile = await profiles.get('1', customerId, { extensions: ['Address'] });
   * ```
   *
   * @throws NotFoundError if there is no such profile, or no extension of a name asked for
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
   * Finds profiles by an identification key (R18): those that have all the values asked for, ordered by customer id.
   *
   * ```ts
   * const { items } = await profiles.identify('1', { values: { EmailAddress: 'bruce.banner@example.com' } });
   * ```
   *
   * @returns a page of profiles; `next`, where there may be more, is the `after` of the page that follows. A search by values
   *   beyond those of the key looks at no more than about 1,000 profiles that share these, so its page may be short, or empty, and
   *   have a `next` all the same.
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
   * Replaces a profile in full. Afterwards its attributes are exactly those of the representation (R6); its extensions
   * stay as they were if the representation gives none (R7), and are replaced as a whole if it gives any (R8).
   * Replacing a profile by what it already is changes nothing (R13).
   *
   * ```ts
   * const profile = await profiles.get('1', customerId);
   * const attributes = { ...profile.attributes, LastName: 'Banner' };
   * await profiles.replace('1', customerId, { attributes }, { basedOn: profile });
   * ```
   *
   * @returns the profile as kept, with the extensions that were given if any were (W5)
   * @throws SchemaNotDefinedError if the tenant has no schema (R15)
   * @throws NotFoundError if there is no such profile: a replacement never creates (R15)
   * @throws InvalidProfileError with all violations; nothing was changed (R11, R12)
   * @throws PreconditionRequiredError if the host requires an expected revision and none was given
   * @throws RevisionConflictError if the profile no longer has the expected revision (R14)
   * @throws IdentityTakenError if another profile has the same values for a unique key (R19)
   * @throws TooLargeError if the profile would be over the limit
   */
  replace(
    tenantId: string,
    customerId: string,
    representation: Representation,
    options: ReplaceOptions = {},
  ): Promise<Profile> {
    return traceOperation('profiles.replace', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, REPLACE_OPTIONS);
      const { ifRevision, basedOn, ...context } = options;
      checkContext(context);
      if (basedOn !== undefined && (basedOn?.tenantId !== tenantId || basedOn.customerId !== customerId)) {
        throw new MalformedRequestError('`basedOn` must be the profile that is replaced, as a service answered it.');
      }
      const expected = readExpectedRevision(ifRevision, basedOn);
      const snapshot = basedOn && this.#snapshots.of(basedOn);
      const given = new CapturedRepresentation(
        representation,
        this.#source.schemas.known(tenantId),
        this.#maxProfileBytes,
      );
      const change: ProfileChange = {
        needsExtensions: (schema) => given.by(schema).given !== undefined,
        decide: (schema) => {
          const check = given.by(schema);
          return (current) => decideReplacement(schema, current, check);
        },
        segment: context.segment,
        createdAt: snapshot?.createdAt ?? basedOn?.createdAt,
      };
      const { schema, profile } =
        (snapshot && (await this.#changes.changeKnown(tenantId, snapshot, change))) ??
        (await this.#changes.change(tenantId, customerId, change, expected));
      return this.#answerInTurn(tenantId, schema, profile, given.by(schema).given ?? 'none');
    });
  }

  /**
   * Deletes a profile with all its extensions.
   *
   * @throws NotFoundError if there is no such profile
   * @throws PreconditionRequiredError if the host requires an expected revision and none was given
   * @throws RevisionConflictError if the profile no longer has the expected revision (R14)
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
   * Inserts extension records (W9): in a multi-valued extension a record takes the place of the one with which it agrees
   * on the unique attributes, and is appended where there is none; a single-valued extension is set. Extensions that are
   * not named stay.
   *
   * ```ts
   * await profiles.insertRecords('1', customerId, { Phone: [{ Number: '+1 555 0100' }] });
   * ```
   *
   * @returns the profile as kept, with all its extensions
   * @throws SchemaNotDefinedError, NotFoundError, InvalidProfileError, PreconditionRequiredError, RevisionConflictError,
   *   IdentityTakenError, TooLargeError as {@link replace}
   */
  async insertRecords(
    tenantId: string,
    customerId: string,
    records: RecordsByExtension,
    options: ChangeOptions = {},
  ): Promise<Profile> {
    const given = copyInput(records);
    await turnAfter({ attributes: {}, extensions: given });
    return this.#changeExtensions('insertRecords', tenantId, customerId, options, (schema) => {
      return (current) => decideInsertion(schema, current, given, this.#maxProfileBytes);
    });
  }

  /**
   * Updates one record of a multi-valued extension, found by its unique attributes, all of which are given (W10). Of the
   * other attributes, those given change, `null` clears, and those not given stay.
   *
   * @param extension the name of the extension, without regard to case
   * @returns the profile as kept, with all its extensions
   * @throws NotFoundError if there is no such extension, profile or record
   * @throws MalformedRequestError if the extension is single-valued or declares no unique attributes
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
    const given = copyInput(record);
    return this.#changeRecord('updateRecord', tenantId, customerId, extension, options, (schema, compiled, current) =>
      decideRecordUpdate(schema, compiled, current, given, this.#maxProfileBytes),
    );
  }

  /**
   * Deletes one record of a multi-valued extension, found by its unique attributes; others that are given are ignored
   * (W10).
   *
   * @returns the profile as kept, with all its extensions
   * @throws the same as {@link updateRecord}
   */
  async deleteRecord(
    tenantId: string,
    customerId: string,
    extension: string,
    record: RecordPatch,
    options: ChangeOptions = {},
  ): Promise<Profile> {
    const given = copyInput(record);
    return this.#changeRecord('deleteRecord', tenantId, customerId, extension, options, (schema, compiled, current) =>
      decideRecordDeletion(schema, compiled, current, given),
    );
  }

  /**
   * Merges a source profile into a destination, and deletes the source in the same change (W11). The destination keeps
   * its attributes and gets those that it lacks; multi-valued ones and records are joined, the destination's first.
   *
   * @returns the destination as kept, with all its extensions
   * @throws MalformedRequestError if both are the same profile
   * @throws SchemaNotDefinedError if the tenant has no schema (R15)
   * @throws NotFoundError if there is no such destination or source
   * @throws MergeConflictError if records of both contradict each other, and `force` is not given
   * @throws PreconditionRequiredError, RevisionConflictError by what is expected of the destination
   * @throws TooLargeError if the destination would be over the limit
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

  /** Resolves when the storage answers, and throws a `StorageUnavailableError` otherwise. */
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
          `The extension ${extension.name} has no unique attributes to find a record by.`,
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
    return this.#answer(tenantId, schema, stored, wanted);
  }

  #answer(tenantId: string, schema: CompiledSchema, stored: StoredProfile, wanted: WantedExtensions): Profile {
    const profile = profileView(tenantId, schema, stored, wanted);
    this.#snapshots.note(profile, stored);
    return profile;
  }
}
