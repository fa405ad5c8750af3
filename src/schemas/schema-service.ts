import {
  AlreadyExistsError,
  InvalidSchemaError,
  NotFoundError,
  SchemaInUseError,
  SchemaNotDefinedError,
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
import type { SchemaParts } from './schema-join.js';
import { definitionOf, schemaView } from './schema-view.js';
import { TenantSchema, type VersionedSchema } from './tenant-schema.js';
import { refuseAgreeing } from './unique-records.js';

export interface DefineOptions {
  /** The version that the schema must still have; 0 when there must be none yet. */
  readonly ifVersion?: ExpectedRevision | undefined;
  /** Whether to delete the records of extensions that go, rather than refuse (W8). Default false. */
  readonly force?: boolean | undefined;
  /** Told how many profiles have been looked at, while new keys are filled from those that there are (R21). */
  readonly onProgress?: BackfillProgress | undefined;
}

/** Loaded by the first schema change: class-validator takes longer to load than everything else together. */
const loadDefinitions = () => import('../definitions/read-definition.js');

/** Deeper than any definition nests; what is deeper is refused, whatever it is. */
const DEFINITION_DEPTH = 20;

/** What a change wants the schema to be; without keys, those that there are stay. */
type Wanted = SchemaParts & { readonly keys?: readonly WantedKey[] };

/**
 * The use cases of schemas: what each tenant declares. A change is in force at once, in every process (R16); stored
 * profiles are not rewritten by it.
 *
 * Beside the errors named with each, all of them throw `StorageUnavailableError` when the storage fails, and
 * `MalformedRequestError` for arguments of the wrong form.
 */
export class SchemaService {
  readonly #repository: ProfileRepository;
  readonly #changes: ProfileChanges;
  readonly #limits: SchemaLimits;

  /** Made by `createDossier`. */
  constructor(repository: ProfileRepository, changes: ProfileChanges, limits: SchemaLimits) {
    this.#repository = repository;
    this.#changes = changes;
    this.#limits = limits;
  }

  /**
   * The tenant's schema, with the identification keys that are complete.
   *
   * @throws NotFoundError if the tenant has none
   */
  get(tenantId: string): Promise<Schema> {
    return traceOperation('schemas.get', tenantId, () => this.#read(tenantId));
  }

  /**
   * The definition of one extension.
   *
   * @param name without regard to case
   * @throws NotFoundError if the tenant has no schema, or its schema no such extension
   */
  getExtension(tenantId: string, name: string): Promise<ExtensionDefinition> {
    return traceOperation('schemas.getExtension', tenantId, async () => {
      const found = named((await this.#read(tenantId)).extensions, name);
      if (!found) throw noSuchExtension();
      return found;
    });
  }

  /**
   * The definition of one identification key that is complete.
   *
   * @param name without regard to case
   * @throws NotFoundError if the tenant has no schema, or its schema no such key
   */
  getKey(tenantId: string, name: string): Promise<IdentificationKeyDefinition> {
    return traceOperation('schemas.getKey', tenantId, async () => {
      const found = named((await this.#read(tenantId)).identificationKeys, name);
      if (!found) throw noSuchKey();
      return found;
    });
  }

  /**
   * Makes the tenant's schema, or replaces it as a whole. What it already is stays as it is, version included.
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
   *   an attribute of a key that stays is retyped (W8); if stored records agree on new `unique` attributes (W8); if a new
   *   unique key meets profiles that collide (R21)
   */
  define(tenantId: string, schema: SchemaDefinition, options: DefineOptions = {}): Promise<Schema> {
    return traceOperation('schemas.define', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, { ifVersion: true, force: true, onProgress: true });
      const given = copyInput(schema, DEFINITION_DEPTH);
      this.#refuse((violations) => findLimitFaults(given, this.#limits, violations));
      const { readSchemaInSteps } = await loadDefinitions();
      const definition = await inTurns(readSchemaInSteps(given));
      const { attributes, extensions = [], identificationKeys: keys = [] } = definition;
      return this.#change(tenantId, options, () => ({ attributes, extensions, keys }));
    });
  }

  /**
   * Makes a schema of attributes alone, or replaces the attributes of the one there is (W7).
   *
   * @param attributes plain data, checked here; violations point to `/attributes/…`
   * @throws InvalidSchemaError with all faults
   * @throws RevisionConflictError if the schema no longer has the expected version
   * @throws SchemaInUseError if an attribute of an identification key goes or is retyped (W8)
   */
  defineAttributes(
    tenantId: string,
    attributes: readonly AttributeDefinition[],
    options: Pick<DefineOptions, 'ifVersion'> = {},
  ): Promise<Schema> {
    return traceOperation('schemas.defineAttributes', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, { ifVersion: true });
      const given = copyInput(attributes, DEFINITION_DEPTH);
      const { readSchemaInSteps } = await loadDefinitions();
      return this.#change(tenantId, options, async ({ schema }) => {
        const { extensions } = schema;
        this.#refuse((violations) =>
          findLimitFaults({ attributes: given, extensions }, this.#limits, violations, schema),
        );
        const taken = extensions.map(({ name }) => name);
        const { attributes } = await inTurns(readSchemaInSteps({ attributes: given }, taken));
        return { attributes, extensions };
      });
    });
  }

  /**
   * Adds an extension to the schema (W7).
   *
   * @param definition plain data, checked here
   * @returns the definition as kept
   * @throws InvalidSchemaError with all faults
   * @throws SchemaNotDefinedError if the tenant has no schema
   * @throws AlreadyExistsError if an attribute or another extension has the name, without regard to case
   */
  addExtension(tenantId: string, definition: ExtensionDefinition): Promise<ExtensionDefinition> {
    return traceOperation('schemas.addExtension', tenantId, async () => {
      checkTenantId(tenantId);
      const given = copyInput(definition, DEFINITION_DEPTH);
      this.#refuse((violations) => findDefinitionLimitFaults('extension', given, this.#limits, violations));
      const { readExtensionInSteps } = await loadDefinitions();
      let added = given;
      await this.#change(tenantId, {}, async (current) => {
        const { attributes, extensions } = existing(current);
        added = await inTurns(readExtensionInSteps(given));
        if (named([...attributes, ...extensions], added.name)) throw taken(added.name);
        return { attributes, extensions: [...extensions, added] };
      });
      return added;
    });
  }

  /**
   * Removes an extension from the schema (W8).
   *
   * @param name without regard to case
   * @throws NotFoundError if the schema has no such extension
   * @throws SchemaInUseError if profiles have records in it, and `force` is not given; or if a key uses it
   */
  removeExtension(tenantId: string, name: string, options: Pick<DefineOptions, 'force'> = {}): Promise<void> {
    return traceOperation('schemas.removeExtension', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, { force: true });
      await this.#change(tenantId, options, ({ schema: { attributes, extensions } }) => {
        const going = named(extensions, name);
        if (!going) throw noSuchExtension();
        return { attributes, extensions: extensions.filter((extension) => extension !== going) };
      });
    });
  }

  /**
   * Adds an identification key to the schema, and fills it from the profiles that there are: it answers only once it is
   * complete, and so does this method (R21). If the process ends before, adding the same key again goes on.
   *
   * @param definition plain data, checked here
   * @returns the definition as kept
   * @throws InvalidSchemaError with all faults
   * @throws SchemaNotDefinedError if the tenant has no schema
   * @throws AlreadyExistsError if another key has the name, without regard to case
   * @throws SchemaInUseError if the key is unique and profiles collide, with the number of collisions
   */
  addKey(
    tenantId: string,
    definition: IdentificationKeyDefinition,
    options: Pick<DefineOptions, 'onProgress'> = {},
  ): Promise<IdentificationKeyDefinition> {
    return traceOperation('schemas.addKey', tenantId, async () => {
      checkTenantId(tenantId);
      checkOptionNames(options, { onProgress: true });
      const given = copyInput(definition, DEFINITION_DEPTH);
      this.#refuse((violations) => findDefinitionLimitFaults('key', given, this.#limits, violations));
      const { readKeyDefinition } = await loadDefinitions();
      let added = given;
      await this.#change(tenantId, options, (current) => {
        const schema = existing(current);
        const { attributes, extensions, identificationKeys } = schema;
        added = keyInDeclaredCase(readKeyDefinition(given, schemaView(current)), schema);
        const same = named(identificationKeys, added.name);
        if (same && !(same.filling && isSameKey(definitionOf(same), added))) throw taken(added.name);
        return { attributes, extensions, keys: [...identificationKeys.filter((key) => key !== same), added] };
      });
      return added;
    });
  }

  /**
   * Removes an identification key from the schema, and its entries.
   *
   * @param name without regard to case
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

  /** Loads the schema, decides the next one, and commits; again, if it changed in between. */
  #change(
    tenantId: string,
    { ifVersion, force = false, onProgress }: DefineOptions,
    decide: (current: VersionedSchema) => Wanted | Promise<Wanted>,
  ): Promise<Schema> {
    checkForce(force);
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
      if (current.version > 0 && isSameSchema(next, current.schema)) return schemaView(current);
      const backfilled = await transition.backfill(wanted, onProgress);
      const changed = backfilled && (await this.#commitNext(stored, backfilled, next, force, transition));
      if (changed) {
        const left = 'entries of removed keys may be left. The next change drops them.';
        await afterSchemaChange(left, () => transition.end());
        return schemaView(changed);
      }
      // The next attempt will find that the schema is not the expected one.
      if (expected !== undefined) await transition.takeBack();
      return undefined;
    });
  }

  /** Answers the schema as it is then, or `undefined` if others changed it meanwhile. */
  async #commitNext(
    stored: TenantSchema,
    current: VersionedSchema,
    next: StoredSchema,
    force: boolean,
    transition: KeyTransition,
  ): Promise<VersionedSchema | undefined> {
    const removal = new ExtensionRemoval(stored, this.#repository, this.#changes, current, next);
    if (!removal.needed) return stored.commit(current.version, next);
    try {
      return await (force ? removal.deleteRecords() : removal.refuseRecords());
    } catch (error) {
      if (error instanceof SchemaInUseError) await transition.takeBack();
      throw error;
    }
  }
}

/** @throws SchemaNotDefinedError if there is none */
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
  return new AlreadyExistsError(`The schema already has a definition named ${name}.`);
}

function noSuchExtension(): NotFoundError {
  return new NotFoundError('The schema has no such extension.');
}

function noSuchKey(): NotFoundError {
  return new NotFoundError('The schema has no such identification key.');
}
