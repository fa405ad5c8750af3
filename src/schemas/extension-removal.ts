import { isDeepStrictEqual } from 'node:util';
import { SchemaInUseError } from '../errors.js';
import type { StoredExtensionDefinition, StoredSchema } from '../model/stored-schema.js';
import type { ProfileChanges } from '../profiles/profile-changes.js';
import { indexByStoredName, predecessorsOf, storedNames } from '../rules/former-names.js';
import { foldName, indexByName } from '../rules/names.js';
import type { ProfileRepository } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { afterSchemaChange } from './after-schema-change.js';
import { deleteRecords, hasRecords } from './record-removal.js';
import type { TenantSchema, VersionedSchema } from './tenant-schema.js';

/**
 * Removes extensions from a schema without orphaning records (W8), under concurrent writes. Checking for records and
 * then changing the schema would miss a record written in between. So a first schema change marks the extensions as
 * draining: from then on no commit can store a record in them (R16), and a walk over the profiles finds every record.
 *
 * With `force`, the first change also contains the rest of the next schema. It is the only commit that can conflict, so
 * no record is deleted for a schema change that fails.
 *
 * If the process ends in between, the extensions stay draining. Repeating the removal continues it.
 */
export class ExtensionRemoval {
  readonly #stored: TenantSchema;
  readonly #repository: ProfileRepository;
  readonly #changes: ProfileChanges;
  readonly #current: VersionedSchema;
  readonly #next: StoredSchema;
  /** The extensions of the next schema, by each folded name under which records may be stored. */
  readonly #successors: ReadonlyMap<string, StoredExtensionDefinition>;
  /** The extensions to remove, by their folded names. */
  readonly #leaving: ReadonlyMap<string, StoredExtensionDefinition>;
  /** The folded names under which they drain: their own, or their next names, if keys already use these. */
  readonly #drainingNames: ReadonlySet<string>;

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
    this.#successors = indexByStoredName(next.extensions);
    this.#leaving = new Map(
      leavingExtensions(current.schema, next).map((extension) => [foldName(extension.name), extension]),
    );
    const leaving = [...this.#leaving.values()];
    this.#drainingNames = new Set(
      leaving.flatMap((one) => [one, this.#successorOf(one) ?? one]).map(({ name }) => foldName(name)),
    );
  }

  /** Whether the change removes an extension. Otherwise, one commit of the next schema suffices. */
  get needed(): boolean {
    return this.#leaving.size > 0;
  }

  /**
   * Commits the next schema if no profile has a record in the extensions to remove.
   *
   * @returns the committed schema; `undefined`, without any effect, if the schema changed meanwhile
   * @throws SchemaInUseError if there are records. Nothing has changed
   */
  async refuseRecords(): Promise<VersionedSchema | undefined> {
    if (await this.#hasRecords()) throw inUse();
    const draining = await this.#stored.commit(
      this.#current,
      withExtensions(this.#current.schema, (one) => this.#drainingOf(one) ?? one),
    );
    if (!draining) return undefined;
    const left = 'extensions to remove may still be draining. Repeat the change to complete it.';
    return afterSchemaChange(left, () => this.#removeDrained(draining));
  }

  async #removeDrained(draining: VersionedSchema): Promise<VersionedSchema | undefined> {
    const slippedIn = await this.#hasRecords();
    const changed = slippedIn ? undefined : await this.#stored.commit(draining, this.#next);
    if (!changed) await this.#reopen();
    if (slippedIn) throw inUse();
    return changed;
  }

  /**
   * Commits the next schema, then deletes the records in the removed extensions: one change of each profile. Later
   * changes of the schema by others are kept.
   *
   * @returns the schema afterwards; `undefined`, without any effect, if the schema changed before the commit
   * @throws SchemaInUseError if one of them joins another extension at the same time, whose records would go as well
   */
  async deleteRecords(): Promise<VersionedSchema | undefined> {
    if (this.#joins()) throw joining();
    if (!(await this.#stored.commit(this.#current, this.#nextWithDraining()))) return undefined;
    const left = 'records of removed extensions may be left. Repeat the change to delete them.';
    return afterSchemaChange(left, () => retry(() => this.#deleteDraining()));
  }

  /** Deletes the records, then removes the extensions. Returns `undefined` if the schema changed. */
  async #deleteDraining(): Promise<VersionedSchema | undefined> {
    const newest = await this.#stored.load();
    const going = this.#drainingIn(newest.schema);
    if (going.length === 0) return newest;
    const { tenantId } = this.#stored;
    const names = this.#namesOf(going);
    if (!(await deleteRecords(this.#changes, this.#repository, tenantId, newest, names))) return undefined;
    const without = withExtensions(newest.schema, (one) => (going.includes(one) ? this.#successorOf(one) : one));
    return this.#stored.commit(newest, without);
  }

  /** The next schema plus the draining extensions, each in the place of its successor if it has one. */
  #nextWithDraining(): StoredSchema {
    const gone = [...this.#leaving.values()].filter((extension) => !this.#successorOf(extension));
    const { extensions } = withExtensions(this.#next, (one) => {
      if (!this.#drainingNames.has(foldName(one.name))) return one;
      return this.#drainingOf(one) ?? { ...one, type: 'multi-valued', closing: true };
    });
    return { ...this.#next, extensions: [...extensions, ...gone.flatMap((one) => this.#drainingOf(one) ?? [])] };
  }

  /**
   * Reverts the draining that this change began. Extensions that were draining before stay so: their records may be
   * partly deleted, and must not reappear.
   */
  #reopen(): Promise<unknown> {
    const before = new Set(this.#drainingIn(this.#current.schema).map(({ name }) => foldName(name)));
    return retry(async () => {
      const current = await this.#stored.load();
      const { schema } = current;
      const draining = this.#drainingIn(schema);
      const opened = withExtensions(schema, (one) => {
        if (!draining.includes(one) || before.has(foldName(one.name))) return one;
        const { closing: _, ...extension } = one;
        return extension;
      });
      return isDeepStrictEqual(opened, schema) ? true : this.#stored.commit(current, opened);
    });
  }

  /** An extension to remove, marked as draining; `undefined` for any other. */
  #drainingOf({ name }: StoredExtensionDefinition): StoredExtensionDefinition | undefined {
    const extension = this.#leaving.get(foldName(name));
    return extension && { ...extension, closing: true };
  }

  #successorOf({ name }: StoredExtensionDefinition): StoredExtensionDefinition | undefined {
    return this.#successors.get(foldName(name));
  }

  #joins(): boolean {
    const current = indexByName(this.#current.schema.extensions);
    return [...this.#leaving.values()].some((one) => {
      const successor = this.#successorOf(one);
      return successor !== undefined && predecessorsOf(current, successor).length > 1;
    });
  }

  /** The extensions to remove that are draining in a schema. */
  #drainingIn({ extensions }: StoredSchema): readonly StoredExtensionDefinition[] {
    return extensions.filter(({ name, closing }) => closing && this.#drainingNames.has(foldName(name)));
  }

  /** The folded names under which extensions have records. */
  #namesOf(extensions: Iterable<StoredExtensionDefinition>): ReadonlySet<string> {
    return new Set(Array.from(extensions, (extension) => ownNames(extension, this.#successors)).flat());
  }

  #hasRecords(): Promise<boolean> {
    return hasRecords(this.#repository, this.#stored.tenantId, this.#namesOf(this.#leaving.values()));
  }
}

/** Extensions being removed, re-added during removal, or becoming single-valued, be it under another name. */
function leavingExtensions(current: StoredSchema, next: StoredSchema): StoredExtensionDefinition[] {
  const kept = indexByStoredName(next.extensions);
  return current.extensions.filter(({ name, type, closing }) => {
    const successor = kept.get(foldName(name));
    if (!successor || (closing && !successor.closing)) return true;
    return type === 'multi-valued' && successor.type !== 'multi-valued';
  });
}

/**
 * The folded names under which the records of a leaving extension stand, but for those that another one has taken over (R26).
 *
 * @param successors the extensions of the next schema, by each of their stored names
 */
function ownNames(
  extension: StoredExtensionDefinition,
  successors: ReadonlyMap<string, StoredExtensionDefinition>,
): readonly string[] {
  const successor = successors.get(foldName(extension.name));
  return storedNames(extension).filter((name) => (successors.get(name) ?? successor) === successor);
}

/** The names of the extensions whose records conflict with a change, by each folded name under which they are stored. */
export function leavingNames(current: StoredSchema, next: StoredSchema): ReadonlyMap<string, string> {
  const successors = indexByStoredName(next.extensions);
  const names = leavingExtensions(current, next).flatMap((extension) =>
    ownNames(extension, successors).map((name) => [name, extension.name] as const),
  );
  return new Map(names);
}

/** Maps the extensions of a schema. `undefined` removes one. */
function withExtensions(
  schema: StoredSchema,
  change: (extension: StoredExtensionDefinition) => StoredExtensionDefinition | undefined,
): StoredSchema {
  return { ...schema, extensions: schema.extensions.flatMap((extension) => change(extension) ?? []) };
}

function joining(): SchemaInUseError {
  return new SchemaInUseError(
    'The change joins extensions, and makes one of them single-valued. Make that single-valued first, then join them.',
  );
}

function inUse(): SchemaInUseError {
  return new SchemaInUseError(
    'Profiles have records in an extension that the change removes or makes single-valued. Delete the records first, or set `force`.',
  );
}
