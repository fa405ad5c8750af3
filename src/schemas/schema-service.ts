import { MalformedRequestError, NotFoundError, SchemaInUseError, StorageUnavailableError } from '../errors.js';
import type {
  AttributeDefinition,
  ExtensionDefinition,
  IdentificationKeyDefinition,
  Schema,
  SchemaDefinition,
} from '../model/schema.js';
import type { SchemaDifference } from '../model/schema-difference.js';
import type { SchemaReport } from '../model/schema-report.js';
import type { StoredSchema } from '../model/stored-schema.js';
import { checkOnProgress } from '../profiles/checked-callbacks.js';
import { type ExpectedRevision, matchRevision, readExpectedRevision } from '../profiles/expected-revision.js';
import { checkForce } from '../profiles/force.js';
import type { ProfileChanges } from '../profiles/profile-changes.js';
import type { Settings } from '../profiles/settings.js';
import { renameKeys, storedNames } from '../rules/former-names.js';
import { checkTenantId } from '../rules/ids.js';
import { checkOptionNames } from '../rules/method-options.js';
import { foldName } from '../rules/names.js';
import { compareSchemas } from '../rules/schema-difference.js';
import type { SchemaLimits } from '../rules/schema-limits.js';
import type { ProfileRepository } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { traceOperation } from '../storage/tracing.js';
import { afterSchemaChange } from './after-schema-change.js';
import { ExtensionRemoval } from './extension-removal.js';
import type { BackfillProgress } from './key-backfill.js';
import { isSameSchema, KeyTransition } from './key-transition.js';
import { refuseMoved } from './moved-keys.js';
import { dropResidual } from './residual-removal.js';
import {
  type Decide,
  named,
  noSuchExtension,
  noSuchKey,
  SchemaDecisions,
  type SchemaProposal,
} from './schema-decisions.js';
import { fitsChange, trySchema } from './schema-trial.js';
import { schemaView } from './schema-view.js';
import { TenantSchema, type VersionedSchema } from './tenant-schema.js';
import { refuseAgreeing } from './unique-records.js';

/** Options of schema changes. */
export interface DefineOptions {
  /** The optimistic-lock token: the version that the schema must still have. 0 if the tenant must have no schema. */
  readonly ifVersion?: ExpectedRevision | undefined;
  /**
   * Whether to delete the records of extensions that the change removes or makes single-valued. If false, such records
   * are a `SchemaInUseError` (W8). Default false.
   */
  readonly force?: boolean | undefined;
  /**
   * What becomes of stored values that the schema does not know afterwards (R23). `'keep'`: they are kept, and come back
   * with a definition that they fit. `'drop'`: they are removed, one change of each profile that has any. Default `'keep'`.
   */
  readonly residual?: 'keep' | 'drop' | undefined;
  /**
   * Whether to check the stored profiles first, by {@link SchemaService.tryOut}. If anything stored breaks the schema or
   * would become residual, the change is a `SchemaInUseError` with the report (S2). Records that `force` deletes do not
   * count. What is written during the check goes by the old schema, and is not checked. Default false.
   */
  readonly checked?: boolean | undefined;
  /** Called while new keys are backfilled (R21), with the number of profiles processed so far. */
  readonly onProgress?: BackfillProgress | undefined;
}

/** Options of {@link SchemaService.tryOut}. */
export interface TryOutOptions extends Pick<DefineOptions, 'ifVersion'> {
  /** Called during the first walk, with the number of profiles so far. */
  readonly onProgress?: BackfillProgress | undefined;
}

/**
 * Reads and changes the tenants' schemas. A change takes effect at once, in every process (R16). It does not rewrite
 * stored profiles, unless it deletes records with `force`. The first argument of each method is the tenant id.
 *
 * In addition to the errors named with each method, all of them throw:
 *
 * - `StorageUnavailableError` if the storage fails, or concurrent changes conflict with every attempt. If a change
 *   fails after its commit, `outcomeUnknown` is true;
 * - `MalformedRequestError` if an argument or option has the wrong form, or an option is unknown.
 */
export class SchemaService {
  readonly #repository: ProfileRepository;
  readonly #changes: ProfileChanges;
  readonly #decisions: SchemaDecisions;
  readonly #timestamp: () => string;

  /** Called by `createDossier`, not by hosts. */
  constructor(
    repository: ProfileRepository,
    changes: ProfileChanges,
    settings: SchemaLimits & Pick<Settings, 'uniqueTimestamp'>,
  ) {
    this.#repository = repository;
    this.#changes = changes;
    this.#decisions = new SchemaDecisions(settings);
    this.#timestamp = settings.uniqueTimestamp;
  }

  /**
   * Reads the tenant's schema, without extensions that are draining and keys that are backfilling.
   *
   * @throws NotFoundError if the tenant has no schema
   */
  get(tenantId: string): Promise<Schema> {
    return traceOperation('schemas.get', tenantId, () => this.#read(tenantId));
  }

  /**
   * Reads the definition of one extension.
   *
   * @param name the name of the extension, ignoring case
   * @throws NotFoundError if the tenant has no schema, or the schema has no such extension
   */
  getExtension(tenantId: string, name: string): Promise<ExtensionDefinition> {
    return traceOperation('schemas.getExtension', tenantId, async () => {
      const found = named((await this.#read(tenantId)).extensions, name);
      if (!found) throw noSuchExtension();
      return found;
    });
  }

  /**
   * Reads the definition of one identification key.
   *
   * @param name the name of the key, ignoring case
   * @throws NotFoundError if the tenant has no schema, or the schema has no such key. A key that is backfilling does
   *   not count
   */
  getKey(tenantId: string, name: string): Promise<IdentificationKeyDefinition> {
    return traceOperation('schemas.getKey', tenantId, async () => {
      const found = named((await this.#read(tenantId)).identificationKeys, name);
      if (!found) throw noSuchKey();
      return found;
    });
  }

  /**
   * Defines the tenant's schema, or replaces all of it. If the schema equals the stored one, its version stays the
   * same. Keys that are new, or use what becomes single-valued or multi-valued, are backfilled from the stored profiles
   * before the method resolves (R21).
   *
   * ```ts
   * await schemas.define('1', {
   *   attributes: [{ name: 'FirstName', type: 'string', mandatory: true }],
   *   extensions: [
   *     { name: 'Phone', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }], unique: ['Number'] },
   *   ],
   *   identificationKeys: [{ name: 'byPhone', source: 'Phone', attributes: ['Number'] }],
   * });
   * ```
   *
   * @param schema plain data, checked here
   * @throws InvalidSchemaError with all faults
   * @throws RevisionConflictError if the schema no longer has the expected version
   * @throws SchemaInUseError if an extension goes that still has records, or becomes single-valued, without `force`; if
   *   an attribute of a key that stays is retyped (W8), or would have other values than before (R26); if stored records agree on new `unique` attributes (W8); if a
   *   new unique key meets profiles that collide (R21)
   */
  define(tenantId: string, schema: SchemaDefinition, options: DefineOptions = {}): Promise<Schema> {
    return traceOperation('schemas.define', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, { ifVersion: true, force: true, residual: true, checked: true, onProgress: true });
      return this.#change(tenantId, options, await this.#decisions.define(schema));
    });
  }

  /**
   * Replaces the attributes of the tenant's schema, or defines a schema that has only attributes (W7).
   *
   * @param attributes attribute definitions as plain data
   * @returns the schema as stored
   * @throws InvalidSchemaError if a definition breaks rules, with all violations. They point to `/attributes/…`
   * @throws RevisionConflictError if the schema no longer has the expected version
   * @throws SchemaInUseError if the change removes or retypes an attribute of an identification key (W8), or would make the
   *   key find other values than before (R26); if an attribute of a unique key becomes single-valued or multi-valued, so that
   *   values come back that collide (R21)
   */
  defineAttributes(
    tenantId: string,
    attributes: readonly AttributeDefinition[],
    options: Pick<DefineOptions, 'ifVersion' | 'residual' | 'checked'> = {},
  ): Promise<Schema> {
    return traceOperation('schemas.defineAttributes', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, { ifVersion: true, residual: true, checked: true });
      return this.#change(tenantId, options, await this.#decisions.defineAttributes(attributes));
    });
  }

  /**
   * Adds an extension to the schema (W7).
   *
   * @param definition an extension definition as plain data
   * @returns the definition as stored
   * @throws InvalidSchemaError if the definition breaks rules, with all violations
   * @throws SchemaNotDefinedError if the tenant has no schema
   * @throws AlreadyExistsError if an attribute or an extension has the name, ignoring case
   */
  addExtension(
    tenantId: string,
    definition: ExtensionDefinition,
    options: Pick<DefineOptions, 'checked'> = {},
  ): Promise<ExtensionDefinition> {
    return traceOperation('schemas.addExtension', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, { checked: true });
      const decide = await this.#decisions.addExtension(definition);
      const { extensions } = await this.#change(tenantId, options, decide);
      return extensions.at(-1) as ExtensionDefinition;
    });
  }

  /**
   * Replaces the definition of an extension, or renames it: `formerly` of the definition then has the name that it had
   * (R26). Keys on the extension take its new name, and those of its attributes.
   *
   * ```ts
   * const definition = { ...(await schemas.getExtension('1', 'Phone')), name: 'Telephone', formerly: ['Phone'] };
   * await schemas.replaceExtension('1', 'Phone', definition);
   * ```
   *
   * @param name the present name of the extension, ignoring case
   * @param definition an extension definition as plain data
   * @returns the definition as stored
   * @throws InvalidSchemaError if the definition breaks rules, or has neither this name nor has it formerly
   * @throws NotFoundError if the schema has no such extension
   * @throws AlreadyExistsError if another definition has the name, or a former name, or had it formerly
   * @throws SchemaInUseError if the extension becomes single-valued and has records, without `force`; if a key uses an
   *   attribute that goes or is retyped (W8); if stored records agree on new `unique` attributes (W8); if records come back
   *   that collide in a unique key (R21)
   */
  replaceExtension(
    tenantId: string,
    name: string,
    definition: ExtensionDefinition,
    options: Pick<DefineOptions, 'force' | 'residual' | 'checked'> = {},
  ): Promise<ExtensionDefinition> {
    return traceOperation('schemas.replaceExtension', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, { force: true, residual: true, checked: true });
      const decide = await this.#decisions.replaceExtension(name, definition);
      const { extensions } = await this.#change(tenantId, options, decide);
      const replaced = foldName(name);
      return extensions.find((one) => storedNames(one).includes(replaced)) as ExtensionDefinition;
    });
  }

  /**
   * Removes an extension from the schema (W8).
   *
   * @param name the name of the extension, ignoring case
   * @throws NotFoundError if the schema has no such extension
   * @throws SchemaInUseError if profiles have records in it, and `force` is not set; or if an identification key uses
   *   it
   */
  removeExtension(
    tenantId: string,
    name: string,
    options: Pick<DefineOptions, 'force' | 'residual' | 'checked'> = {},
  ): Promise<void> {
    return traceOperation('schemas.removeExtension', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, { force: true, residual: true, checked: true });
      await this.#change(tenantId, options, this.#decisions.removeExtension(name));
    });
  }

  /**
   * Adds an identification key to the schema, and backfills it from the stored profiles (R21). The method resolves when
   * the backfill is complete; until then, profiles cannot be found by the key. If the process ends before, adding the
   * same key again continues the backfill.
   *
   * @param definition the definition of a key as plain data
   * @returns the definition as stored
   * @throws InvalidSchemaError if the definition breaks rules, with all violations
   * @throws SchemaNotDefinedError if the tenant has no schema
   * @throws AlreadyExistsError if a key has the name, ignoring case
   * @throws SchemaInUseError if the key is unique and profiles share values of it, with the number of collisions; or if
   *   a profile has too many combinations of values for it (R18)
   */
  addKey(
    tenantId: string,
    definition: IdentificationKeyDefinition,
    options: Pick<DefineOptions, 'checked' | 'onProgress'> = {},
  ): Promise<IdentificationKeyDefinition> {
    return traceOperation('schemas.addKey', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, { checked: true, onProgress: true });
      const decide = await this.#decisions.addKey(definition);
      const { identificationKeys } = await this.#change(tenantId, options, decide);
      return identificationKeys.at(-1) as IdentificationKeyDefinition;
    });
  }

  /**
   * Removes an identification key from the schema, and its index entries.
   *
   * @param name the name of the key, ignoring case
   * @throws NotFoundError if the schema has no such key
   */
  removeKey(tenantId: string, name: string): Promise<void> {
    return traceOperation('schemas.removeKey', tenantId, async () => {
      checkTenantId(tenantId);
      await this.#change(tenantId, {}, this.#decisions.removeKey(name));
    });
  }

  /**
   * Tries a schema change on the stored profiles, and changes nothing (S1). It walks them twice, in pages, and yields to
   * the event loop. Of a new unique key it remembers at most a million entries at once, about 150 MB; beyond, it walks
   * more often.
   *
   * ```ts
   * const report = await schemas.tryOut('1', { addKey: { name: 'byEmail', attributes: ['Email'], unique: true } });
   * if (!report.fits) console.error(report.violations, report.collisions);
   * ```
   *
   * @param schema the schema that `define` would take, or one change of the schema, named as its method
   * @returns what the change would meet, also where it would be a `SchemaInUseError`
   * @throws InvalidSchemaError with all faults, as the change itself
   * @throws RevisionConflictError if the schema does not have the expected version
   */
  tryOut(tenantId: string, schema: SchemaProposal, options: TryOutOptions = {}): Promise<SchemaReport> {
    return traceOperation('schemas.tryOut', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, { ifVersion: true, onProgress: true });
      checkOnProgress(options.onProgress);
      const expected = readExpectedRevision('ifVersion', options.ifVersion);
      const decide = await this.#decisions.of(schema);
      const stored = new TenantSchema(this.#repository, tenantId);
      const current = await stored.load();
      const { keys, ...wanted } = this.#decisions.whole(current, await decide(current));
      matchRevision(expected, current.version);
      const transition = new KeyTransition(stored, this.#repository, this.#changes, current, wanted, keys);
      return this.#try(tenantId, current, transition, options.onProgress);
    });
  }

  /**
   * Tells what a schema change means, whatever is stored: which definitions come, go, are renamed, tightened, loosened or
   * retyped, and which keys are backfilled or dropped. It reads the schema and no profile.
   *
   * ```ts
   * const { changes, allowed } = await schemas.difference('1', proposed);
   * for (const { change, definition, name } of changes) console.log(change, definition, name); // tightened attribute Age
   * ```
   *
   * @param schema as for {@link tryOut}. A tenant without a schema gets everything anew
   * @throws InvalidSchemaError with all faults, as the change itself
   */
  difference(tenantId: string, schema: SchemaProposal): Promise<SchemaDifference> {
    return traceOperation('schemas.difference', tenantId, async () => {
      checkTenantId(tenantId);
      const decide = await this.#decisions.of(schema);
      const current = await new TenantSchema(this.#repository, tenantId).load();
      const next = this.#decisions.whole(current, await decide(current));
      const identificationKeys = renameKeys(next.keys ?? current.schema.identificationKeys, next);
      return compareSchemas(schemaView(current), schemaView({ version: 0, schema: { ...next, identificationKeys } }));
    });
  }

  async #read(tenantId: string): Promise<Schema> {
    checkTenantId(tenantId);
    const current = await new TenantSchema(this.#repository, tenantId).load();
    if (current.version === 0) throw new NotFoundError('The tenant has no schema.');
    return schemaView(current);
  }

  /** Loads the schema, decides the next one, and commits. Retries if the schema changed in between. */
  #change(
    tenantId: string,
    { ifVersion, force = false, residual = 'keep', checked = false, onProgress }: DefineOptions,
    decide: Decide,
  ): Promise<Schema> {
    checkForce(force);
    checkOnProgress(onProgress);
    if (residual !== 'keep' && residual !== 'drop')
      throw new MalformedRequestError("`residual` must be 'keep' or 'drop'.");
    if (typeof checked !== 'boolean') throw new MalformedRequestError('`checked` must be a boolean.');
    const expected = readExpectedRevision('ifVersion', ifVersion);
    const stored = new TenantSchema(this.#repository, tenantId);
    return retry(async () => {
      const current = await stored.load();
      const { keys, ...wanted } = this.#decisions.whole(current, await decide(current));
      matchRevision(expected, current.version);
      const transition = new KeyTransition(stored, this.#repository, this.#changes, current, wanted, keys);
      if (checked) await this.#refuseUnfit(tenantId, current, transition, force);
      const next = transition.next();
      await transition.sweep();
      await refuseAgreeing(this.#repository, tenantId, current, next);
      await refuseMoved(this.#repository, tenantId, await transition.renamedKeys());
      if (current.version > 0 && isSameSchema(next, current.schema)) {
        if (residual === 'drop') await this.#dropResidual(tenantId, current);
        return schemaView(current);
      }
      const backfilled = await transition.backfill(onProgress);
      const changed = backfilled && (await this.#commitNext(stored, backfilled, next, force, transition));
      if (changed) {
        const left = 'entries of removed keys may be left. The next change drops them.';
        await afterSchemaChange(left, () => transition.end());
        if (residual === 'drop') await this.#dropResidual(tenantId, changed);
        return schemaView(changed);
      }
      // The next attempt will fail, since the schema no longer has the expected version.
      if (expected !== undefined) await transition.revert();
      return undefined;
    });
  }

  async #try(
    tenantId: string,
    current: VersionedSchema,
    transition: KeyTransition,
    onProgress?: BackfillProgress,
  ): Promise<SchemaReport> {
    const next = { version: current.version + 1, schema: transition.proposal() };
    const [keysInUse, renamedKeys] = [transition.keysInUse(), await transition.renamedKeys()];
    const change = { current, next, keysInUse, renamedKeys };
    const { maxKeyCharacters } = this.#changes.limits;
    const limits = { maxKeyCharacters, timestamp: this.#timestamp };
    return trySchema(this.#repository, tenantId, change, limits, onProgress);
  }

  /** @throws SchemaInUseError with the report, if anything stored would break or be hidden (S2) */
  async #refuseUnfit(
    tenantId: string,
    current: VersionedSchema,
    transition: KeyTransition,
    force: boolean,
  ): Promise<void> {
    if (isSameSchema(transition.proposal(), current.schema)) return;
    const report = await this.#try(tenantId, current, transition);
    if (fitsChange(report, { force })) return;
    throw new SchemaInUseError(
      'Stored profiles break the schema, or have values that it would hide. See `report`. Change the profiles, or the schema.',
      { report },
    );
  }

  #dropResidual(tenantId: string, schema: VersionedSchema): Promise<void> {
    const left = 'values that it does not know may be left. Repeat the change to remove them.';
    return afterSchemaChange(left, async () => {
      if (await dropResidual(this.#changes, this.#repository, tenantId, schema)) return;
      throw new StorageUnavailableError('The schema has changed again meanwhile.', { outcomeUnknown: true });
    });
  }

  /** Returns the committed schema, or `undefined` if others changed the schema meanwhile. */
  async #commitNext(
    stored: TenantSchema,
    current: VersionedSchema,
    next: StoredSchema,
    force: boolean,
    transition: KeyTransition,
  ): Promise<VersionedSchema | undefined> {
    const removal = new ExtensionRemoval(stored, this.#repository, this.#changes, current, next);
    if (!removal.needed) return stored.commit(current, next);
    try {
      return await (force ? removal.deleteRecords() : removal.refuseRecords());
    } catch (error) {
      if (error instanceof SchemaInUseError) await transition.revert();
      throw error;
    }
  }
}
