import { loadTextTests } from '../definitions/text-tests.js';
import {
  AlreadyExistsError,
  InvalidSchemaError,
  MalformedRequestError,
  NotFoundError,
  SchemaInUseError,
  SchemaNotDefinedError,
  StorageUnavailableError,
} from '../errors.js';
import { copyInput } from '../model/defensive-copy.js';
import type {
  AttributeDefinition,
  ExtensionDefinition,
  IdentificationKeyDefinition,
  Schema,
  SchemaDefinition,
} from '../model/schema.js';
import type { StoredSchema } from '../model/stored-schema.js';
import { Violations } from '../model/violation.js';
import { type ExpectedRevision, matchRevision, readExpectedRevision } from '../profiles/expected-revision.js';
import { checkForce } from '../profiles/force.js';
import type { ProfileChanges } from '../profiles/profile-changes.js';
import { isSameKey, keyInDeclaredCase } from '../rules/declared-case.js';
import { checkTenantId } from '../rules/ids.js';
import { checkOptionNames } from '../rules/method-options.js';
import { findNamed, isName } from '../rules/names.js';
import { findDefinitionLimitFaults, findLimitFaults, type SchemaLimits } from '../rules/schema-limits.js';
import type { ProfileRepository } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { traceOperation } from '../storage/tracing.js';
import { afterSchemaChange } from './after-schema-change.js';
import { ExtensionRemoval } from './extension-removal.js';
import { inTurns } from './in-turns.js';
import type { BackfillProgress } from './key-backfill.js';
import { isSameSchema, KeyTransition, type WantedKey } from './key-transition.js';
import { dropResidual } from './residual-removal.js';
import type { SchemaParts } from './schema-join.js';
import { definitionOf, schemaView } from './schema-view.js';
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
  /** Called while new keys are backfilled (R21), with the number of profiles processed so far. */
  readonly onProgress?: BackfillProgress | undefined;
}

/** Loaded lazily by the first schema change: class-validator takes longer to load than everything else together. */
const loadDefinitions = () => import('../definitions/read-definition.js');

/** How deep definitions are copied: deeper than any valid one. */
const DEFINITION_DEPTH = 20;

/** The definitions after a change. Without `keys`, the keys stay as they are. */
type Wanted = SchemaParts & { readonly keys?: readonly WantedKey[] };

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
  readonly #limits: SchemaLimits;

  /** Called by `createDossier`, not by hosts. */
  constructor(repository: ProfileRepository, changes: ProfileChanges, limits: SchemaLimits) {
    this.#repository = repository;
    this.#changes = changes;
    this.#limits = limits;
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
   * same. New identification keys are backfilled from the stored profiles before the method resolves (R21).
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
   *   an attribute of a key that stays is retyped (W8); if stored records agree on new `unique` attributes (W8); if a
   *   new unique key meets profiles that collide (R21)
   */
  define(tenantId: string, schema: SchemaDefinition, options: DefineOptions = {}): Promise<Schema> {
    return traceOperation('schemas.define', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, { ifVersion: true, force: true, residual: true, onProgress: true });
      const input = copyInput(schema, DEFINITION_DEPTH);
      this.#refuse((violations) => findLimitFaults(input, this.#limits, violations));
      const { readSchemaInSteps } = await loadDefinitions();
      const definition = await inTurns(readSchemaInSteps(input, await loadTextTests(input)));
      const { attributes, extensions = [], identificationKeys: keys = [] } = definition;
      return this.#change(tenantId, options, () => ({ attributes, extensions, keys }));
    });
  }

  /**
   * Replaces the attributes of the tenant's schema, or defines a schema that has only attributes (W7).
   *
   * @param attributes attribute definitions as plain data
   * @returns the schema as stored
   * @throws InvalidSchemaError if a definition breaks rules, with all violations. They point to `/attributes/…`
   * @throws RevisionConflictError if the schema no longer has the expected version
   * @throws SchemaInUseError if the change removes or retypes an attribute of an identification key (W8)
   */
  defineAttributes(
    tenantId: string,
    attributes: readonly AttributeDefinition[],
    options: Pick<DefineOptions, 'ifVersion' | 'residual'> = {},
  ): Promise<Schema> {
    return traceOperation('schemas.defineAttributes', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, { ifVersion: true, residual: true });
      const input = copyInput(attributes, DEFINITION_DEPTH);
      const { readSchemaInSteps } = await loadDefinitions();
      const texts = await loadTextTests({ attributes: input });
      return this.#change(tenantId, options, async ({ schema }) => {
        const { extensions } = schema;
        this.#refuse((violations) =>
          findLimitFaults({ attributes: input, extensions }, this.#limits, violations, schema),
        );
        const taken = extensions.map(({ name }) => name);
        const { attributes } = await inTurns(readSchemaInSteps({ attributes: input }, texts, taken));
        return { attributes, extensions };
      });
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
  addExtension(tenantId: string, definition: ExtensionDefinition): Promise<ExtensionDefinition> {
    return traceOperation('schemas.addExtension', tenantId, async () => {
      checkTenantId(tenantId);
      const input = copyInput(definition, DEFINITION_DEPTH);
      this.#refuse((violations) => findDefinitionLimitFaults('extension', input, this.#limits, violations));
      const { readExtensionInSteps } = await loadDefinitions();
      const texts = await loadTextTests(input);
      let added = input;
      await this.#change(tenantId, {}, async (current) => {
        const { attributes, extensions } = existing(current);
        added = await inTurns(readExtensionInSteps(input, texts));
        if (named([...attributes, ...extensions], added.name)) throw taken(added.name);
        return { attributes, extensions: [...extensions, added] };
      });
      return added;
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
    options: Pick<DefineOptions, 'force' | 'residual'> = {},
  ): Promise<void> {
    return traceOperation('schemas.removeExtension', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, { force: true, residual: true });
      await this.#change(tenantId, options, ({ schema: { attributes, extensions } }) => {
        const going = named(extensions, name);
        if (!going) throw noSuchExtension();
        return { attributes, extensions: extensions.filter((extension) => extension !== going) };
      });
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
    options: Pick<DefineOptions, 'onProgress'> = {},
  ): Promise<IdentificationKeyDefinition> {
    return traceOperation('schemas.addKey', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, { onProgress: true });
      const input = copyInput(definition, DEFINITION_DEPTH);
      this.#refuse((violations) => findDefinitionLimitFaults('key', input, this.#limits, violations));
      const { readKeyDefinition } = await loadDefinitions();
      let added = input;
      await this.#change(tenantId, options, (current) => {
        const schema = existing(current);
        const { attributes, extensions, identificationKeys } = schema;
        added = keyInDeclaredCase(readKeyDefinition(input, schemaView(current)), schema);
        const same = named(identificationKeys, added.name);
        if (same && !(same.filling && isSameKey(definitionOf(same), added))) throw taken(added.name);
        return { attributes, extensions, keys: [...identificationKeys.filter((key) => key !== same), added] };
      });
      return added;
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
      await this.#change(tenantId, {}, ({ schema: { attributes, extensions, identificationKeys } }) => {
        const going = named(identificationKeys, name);
        if (!going) throw noSuchKey();
        return { attributes, extensions, keys: identificationKeys.filter((key) => key !== going) };
      });
    });
  }

  /** @throws InvalidSchemaError if there are violations */
  #refuse(findFaults: (violations: Violations) => void): void {
    const violations = new Violations();
    findFaults(violations);
    if (violations.count > 0) throw new InvalidSchemaError(violations.items);
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
    { ifVersion, force = false, residual = 'keep', onProgress }: DefineOptions,
    decide: (current: VersionedSchema) => Wanted | Promise<Wanted>,
  ): Promise<Schema> {
    checkForce(force);
    if (residual !== 'keep' && residual !== 'drop')
      throw new MalformedRequestError("`residual` must be 'keep' or 'drop'.");
    const expected = readExpectedRevision(ifVersion);
    const stored = new TenantSchema(this.#repository, tenantId);
    return retry(async () => {
      const current = await stored.load();
      const { keys, ...wanted } = await decide(current);
      const identificationKeys = keys ?? current.schema.identificationKeys;
      this.#refuse((violations) =>
        findLimitFaults({ ...wanted, identificationKeys }, this.#limits, violations, current.schema),
      );
      matchRevision(expected, current.version);
      const transition = new KeyTransition(stored, this.#repository, this.#changes, current, keys);
      const next = transition.next(wanted);
      await transition.sweep();
      await refuseAgreeing(this.#repository, tenantId, current, next);
      if (current.version > 0 && isSameSchema(next, current.schema)) {
        if (residual === 'drop') await this.#dropResidual(tenantId, current);
        return schemaView(current);
      }
      const backfilled = await transition.backfill(wanted, onProgress);
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

/** @throws SchemaNotDefinedError if the tenant has no schema */
function existing({ version, schema }: VersionedSchema): StoredSchema {
  if (version === 0) throw new SchemaNotDefinedError();
  return schema;
}

function named<Definition extends { readonly name: string }>(
  definitions: readonly Definition[],
  name: string,
): Definition | undefined {
  return isName(name) ? findNamed(definitions, name) : undefined;
}

function taken(name: string): AlreadyExistsError {
  return new AlreadyExistsError(`The name ${name} is taken by another definition of the schema. Choose another one.`);
}

function noSuchExtension(): NotFoundError {
  return new NotFoundError('The schema has no such extension.');
}

function noSuchKey(): NotFoundError {
  return new NotFoundError('The schema has no such identification key.');
}
