import { isDeepStrictEqual } from 'node:util';
import { SchemaInUseError } from '../errors.js';
import type { StoredExtensionDefinition, StoredSchema } from '../model/stored-schema.js';
import type { ProfileChanges } from '../profiles/profile-changes.js';
import { foldName, indexByName } from '../rules/names.js';
import type { ProfileRepository } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { afterSchemaChange } from './after-schema-change.js';
import { deleteRecords, hasRecords } from './record-removal.js';
import type { TenantSchema, VersionedSchema } from './tenant-schema.js';

/**
 * Removes extensions from a schema without stranding records (W8), while others go on writing. To look for records first
 * and change the schema afterwards would let a record slip in between. So the extensions are marked as draining by a
 * schema change of its own: from then on nobody can store a record in them (R16), and a walk over the profiles finds every
 * record.
 *
 * Where records are to be deleted, that change brings the rest of the next schema with it. It is the only one that can
 * conflict, so nobody loses a record to a change that is refused.
 *
 * If the process ends half-way, the extensions stay draining, and removing them again goes on from there.
 */
export class ExtensionRemoval {
  readonly #stored: TenantSchema;
  readonly #repository: ProfileRepository;
  readonly #changes: ProfileChanges;
  readonly #current: VersionedSchema;
  readonly #next: StoredSchema;
  readonly #successors: ReadonlyMap<string, StoredExtensionDefinition>;
  /** Those that leave, by their folded names. */
  readonly #leaving: ReadonlyMap<string, StoredExtensionDefinition>;

  constructor(
    stored: TenantSchema,
    repository: ProfileRepository,
    changes: ProfileChanges,
    current: VersionedSchema,
    next: StoredSchema,
  ) {
    this.#stored = stored;
    this.#repository = repository;
    this.#changes = changes;
    this.#current = current;
    this.#next = next;
    this.#successors = indexByName(next.extensions);
    this.#leaving = new Map(leaving(current.schema, next).map((extension) => [foldName(extension.name), extension]));
  }

  /** Whether any extension leaves, so that the schema cannot simply be changed. */
  get needed(): boolean {
    return this.#leaving.size > 0;
  }

  /**
   * Makes the next schema the tenant's, where no profile has a record in the extensions that leave.
   *
   * @returns the schema then; `undefined` if somebody else changed it meanwhile: nothing has changed then
   * @throws SchemaInUseError if there are records; nothing has changed then
   */
  async refuseRecords(): Promise<VersionedSchema | undefined> {
    if (await this.#hasRecords()) throw inUse();
    const { version, schema } = this.#current;
    const draining = await this.#stored.commit(
      version,
      withExtensions(schema, (one) => this.#drainingOf(one) ?? one),
    );
    if (!draining) return undefined;
    const left = 'the extensions to remove may still be there, closed to new records. Repeat the change to go on.';
    return afterSchemaChange(left, () => this.#removeDrained(draining));
  }

  async #removeDrained({ version }: VersionedSchema): Promise<VersionedSchema | undefined> {
    const slippedIn = await this.#hasRecords();
    const changed = slippedIn ? undefined : await this.#stored.commit(version, this.#next);
    if (!changed) await this.#reopen();
    if (slippedIn) throw inUse();
    return changed;
  }

  /**
   * Makes the next schema the tenant's, and deletes the records in the extensions that leave, each a change of its
   * profile. What others do to the schema after that stays.
   *
   * @returns the schema then; `undefined` if somebody else changed it before: nothing has changed then
   */
  async deleteRecords(): Promise<VersionedSchema | undefined> {
    if (!(await this.#stored.commit(this.#current.version, this.#nextWithDraining()))) return undefined;
    const left = 'records of the removed extensions may be left. Repeat the change to go on.';
    return afterSchemaChange(left, () => retry(() => this.#deleteDraining()));
  }

  /** Deletes the records, then removes the extensions; answers `undefined` if the schema changed. */
  async #deleteDraining(): Promise<VersionedSchema | undefined> {
    const newest = await this.#stored.load();
    const going = this.#drainingIn(newest.schema);
    if (going.size === 0) return newest;
    const { tenantId } = this.#stored;
    if (!(await deleteRecords(this.#changes, this.#repository, tenantId, newest, going))) return undefined;
    const without = withExtensions(newest.schema, (one) =>
      going.has(foldName(one.name)) ? this.#successorOf(one) : one,
    );
    return this.#stored.commit(newest.version, without);
  }

  /** The next schema with the extensions that leave, each in the place of its successor if it has one. */
  #nextWithDraining(): StoredSchema {
    const gone = [...this.#leaving.values()].filter((extension) => !this.#successorOf(extension));
    const { extensions } = withExtensions(this.#next, (one) => this.#drainingOf(one) ?? one);
    return { ...this.#next, extensions: [...extensions, ...gone.flatMap((one) => this.#drainingOf(one) ?? [])] };
  }

  /** Reopens what was closed here, and nothing else: records that are half deleted must not come back. */
  #reopen(): Promise<unknown> {
    const before = this.#drainingIn(this.#current.schema);
    return retry(async () => {
      const { version, schema } = await this.#stored.load();
      const draining = this.#drainingIn(schema);
      const opened = withExtensions(schema, ({ closing, ...extension }) => {
        const name = foldName(extension.name);
        return closing && (before.has(name) || !draining.has(name)) ? { ...extension, closing } : extension;
      });
      return isDeepStrictEqual(opened, schema) ? true : this.#stored.commit(version, opened);
    });
  }

  /** An extension that leaves, marked as draining; `undefined` for any other. */
  #drainingOf({ name }: StoredExtensionDefinition): StoredExtensionDefinition | undefined {
    const extension = this.#leaving.get(foldName(name));
    return extension && { ...extension, closing: true };
  }

  #successorOf({ name }: StoredExtensionDefinition): StoredExtensionDefinition | undefined {
    return this.#successors.get(foldName(name));
  }

  /** Which of the extensions that leave are draining in a schema. */
  #drainingIn({ extensions }: StoredSchema): ReadonlySet<string> {
    const draining = extensions.filter((extension) => extension.closing).map(({ name }) => foldName(name));
    return new Set(draining.filter((name) => this.#leaving.has(name)));
  }

  #hasRecords(): Promise<boolean> {
    return hasRecords(this.#repository, this.#stored.tenantId, new Set(this.#leaving.keys()));
  }
}

/** Extensions being removed, re-added during removal, or becoming single-valued. */
function leaving(current: StoredSchema, next: StoredSchema): StoredExtensionDefinition[] {
  const kept = new Map(next.extensions.map((extension) => [foldName(extension.name), extension]));
  return current.extensions.filter(({ name, type, closing }) => {
    const successor = kept.get(foldName(name));
    if (!successor || (closing && !successor.closing)) return true;
    return type === 'multi-valued' && successor.type === 'single-valued';
  });
}

/** A schema with each of its extensions made into another, or into none. */
function withExtensions(
  schema: StoredSchema,
  change: (extension: StoredExtensionDefinition) => StoredExtensionDefinition | undefined,
): StoredSchema {
  return { ...schema, extensions: schema.extensions.flatMap((extension) => change(extension) ?? []) };
}

function inUse(): SchemaInUseError {
  return new SchemaInUseError(
    'Profiles have records in an extension that the change removes. Delete the records first, or set `force`.',
  );
}
