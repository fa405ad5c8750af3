import type { CompiledSchemas } from './compiled-schemas.js';
import { openPart } from './compiled-schemas.js';
import { readExtensionDefinition, readSchemaDefinition } from './definitions/read-definition.js';
import { AlreadyExistsError } from './errors/already-exists-error.js';
import { NotFoundError } from './errors/not-found-error.js';
import { SchemaNotDefinedError } from './errors/schema-not-defined-error.js';
import { type ExpectedRevision, matchRevision, readExpectedRevision } from './expected-revision.js';
import { ExtensionRemoval } from './extension-removal.js';
import { checkTenantId } from './ids.js';
import { retry } from './retry.js';
import { foldName, isName } from './rules/names.js';
import type { AttributeDefinition, ExtensionDefinition, Schema, SchemaDefinition } from './rules/schema.js';
import type { Settings } from './settings.js';
import { CheckedRepository } from './storage/checked-repository.js';
import type { ProfileRepository } from './storage/profile-repository.js';
import type { StoredSchema } from './storage/stored-schema.js';

export interface DefineOptions {
  /** The version that the schema must still have; 0 when there must be none yet. */
  readonly ifVersion?: ExpectedRevision | undefined;
  /** Whether to delete the records of extensions that go, rather than refuse (W8). Default false. */
  readonly force?: boolean | undefined;
}

interface Versioned {
  readonly version: number;
  readonly schema: StoredSchema;
}

const NONE: Versioned = { version: 0, schema: { attributes: [], extensions: [] } };

/**
 * The use cases of schemas: what each tenant declares. A change is in force at once, in every process (R16); stored
 * profiles are not rewritten by it.
 *
 * Beside the errors named with each, all of them throw `StorageUnavailableError` when the storage fails, and
 * `MalformedRequestError` for arguments of the wrong form.
 */
export class SchemaService {
  readonly #repository: ProfileRepository;
  readonly #schemas: CompiledSchemas;
  readonly #settings: Settings;

  /** Made by `createProfiles` or `profileModule`. */
  constructor(repository: ProfileRepository, schemas: CompiledSchemas, settings: Settings) {
    this.#repository = repository;
    this.#schemas = schemas;
    this.#settings = settings;
  }

  /** The same service over another view of the storage, such as one bound to the host's transaction. */
  withRepository(repository: ProfileRepository): SchemaService {
    const checked = new CheckedRepository(repository);
    return new SchemaService(checked, this.#schemas.over(checked), this.#settings);
  }

  /**
   * The tenant's schema.
   *
   * @throws NotFoundError if the tenant has none
   */
  async get(tenantId: string): Promise<Schema> {
    checkTenantId(tenantId);
    const stored = await this.#repository.loadSchema(tenantId);
    if (!stored) throw new NotFoundError('The tenant has no schema.');
    return answer(stored);
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
   * });
   * ```
   *
   * @param schema plain data, checked here
   * @throws InvalidSchemaError with all faults
   * @throws RevisionConflictError if the schema no longer has the expected version
   * @throws SchemaInUseError if an extension goes that still has records, or becomes single-valued, without `force` (W8)
   */
  async define(tenantId: string, schema: SchemaDefinition, options: DefineOptions = {}): Promise<Schema> {
    checkTenantId(tenantId);
    const { attributes, extensions = [] } = readSchemaDefinition(schema);
    return this.#change(tenantId, options, () => ({ attributes, extensions }));
  }

  /**
   * Makes a schema of attributes alone, or replaces the attributes of the one there is (W7).
   *
   * @param attributes plain data, checked here; violations point to `/attributes/…`
   * @throws InvalidSchemaError with all faults
   * @throws RevisionConflictError if the schema no longer has the expected version
   */
  async defineAttributes(
    tenantId: string,
    attributes: readonly AttributeDefinition[],
    { ifVersion }: Pick<DefineOptions, 'ifVersion'> = {},
  ): Promise<Schema> {
    checkTenantId(tenantId);
    return this.#change(tenantId, { ifVersion }, ({ schema }) => {
      const taken = schema.extensions.map(({ name }) => name);
      return { attributes: readSchemaDefinition({ attributes }, taken).attributes, extensions: schema.extensions };
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
  async addExtension(tenantId: string, definition: ExtensionDefinition): Promise<ExtensionDefinition> {
    checkTenantId(tenantId);
    const { extensions } = await this.#change(tenantId, {}, ({ version, schema }) => {
      if (version === 0) throw new SchemaNotDefinedError();
      const extension = readExtensionDefinition(definition);
      const { attributes, extensions } = schema;
      if ([...attributes, ...extensions].some(({ name }) => foldName(name) === foldName(extension.name))) {
        throw new AlreadyExistsError(`The schema has an attribute or extension ${extension.name} already.`);
      }
      return { attributes, extensions: [...extensions, extension] };
    });
    return extensions.at(-1) as ExtensionDefinition;
  }

  /**
   * Removes an extension from the schema (W8).
   *
   * @param name without regard to case
   * @throws NotFoundError if the schema has no such extension
   * @throws SchemaInUseError if profiles have records in it, and `force` is not given
   */
  async removeExtension(tenantId: string, name: string, { force }: Pick<DefineOptions, 'force'> = {}): Promise<void> {
    checkTenantId(tenantId);
    await this.#change(tenantId, { force }, ({ schema }) => {
      const extensions = schema.extensions.filter((extension) => foldName(extension.name) !== foldName(name));
      if (!isName(name) || extensions.length === schema.extensions.length) {
        throw new NotFoundError('The schema has no such extension.');
      }
      return { ...schema, extensions };
    });
  }

  /** Loads the schema, decides what comes next, and commits; again, if it moved in between. */
  #change(
    tenantId: string,
    { ifVersion, force = false }: DefineOptions,
    decide: (current: Versioned) => StoredSchema,
  ): Promise<Schema> {
    const expected = readExpectedRevision(ifVersion);
    return retry(async () => {
      const current = (await this.#repository.loadSchema(tenantId)) ?? NONE;
      const next = decide(current);
      matchRevision(expected, current.version);
      if (current.version > 0 && JSON.stringify(next) === JSON.stringify(current.schema)) return answer(current);
      const removal = new ExtensionRemoval(this.#repository, this.#settings.now, tenantId, current.schema, next);
      if (removal.needed) {
        const version = await removal.prepare(current.version, force);
        return version === undefined ? undefined : this.#commit(tenantId, version, next);
      }
      return this.#commit(tenantId, current.version, next);
    });
  }

  async #commit(tenantId: string, expectedVersion: number, schema: StoredSchema): Promise<Schema | undefined> {
    const { outcome } = await this.#repository.commitSchema({ tenantId, expectedVersion, schema });
    return outcome === 'committed' ? answer({ version: expectedVersion + 1, schema }) : undefined;
  }
}

function answer({ version, schema }: Versioned): Schema {
  // A copy: what is answered is the caller's own.
  return structuredClone({ version, ...openPart(schema) });
}
