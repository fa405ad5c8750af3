import { isDeepStrictEqual } from 'node:util';
import { SchemaInUseError } from '../errors.js';
import type { StoredExtensionDefinition, StoredSchema } from '../model/stored-schema.js';
import { findNamed, foldName } from '../rules/names.js';
import type { ProfileRepository } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { afterSchemaChange } from './after-schema-change.js';
import { RecordRemoval } from './record-removal.js';
import { NO_SCHEMA, type VersionedSchema } from './schema-view.js';

/**
 * Takes extensions out of a schema without stranding records (W8), while others go on writing. Looking for records
 * first and changing the schema afterwards would let a record slip in between. So the extensions are marked as closing
 * by a schema change of its own: from then on nobody can store a record in them (R16), and what a walk over the
 * profiles finds is all there is.
 *
 * Where records are to be deleted, that change brings the rest of the next schema with it. So it is the only one that
 * can come too late, and nobody loses a record to a change that is refused.
 *
 * If the process ends half-way the extensions stay closed, and removing them again goes on from there.
 */
export class ExtensionRemoval {
  readonly #repository: ProfileRepository;
  readonly #now: () => Date;
  readonly #tenantId: string;
  readonly #current: VersionedSchema;
  readonly #next: StoredSchema;
  /** Those that leave, by their folded names. */
  readonly #leaving: ReadonlyMap<string, StoredExtensionDefinition>;

  constructor(
    repository: ProfileRepository,
    now: () => Date,
    tenantId: string,
    current: VersionedSchema,
    next: StoredSchema,
  ) {
    this.#repository = repository;
    this.#now = now;
    this.#tenantId = tenantId;
    this.#current = current;
    this.#next = next;
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
    const records = this.#recordsOf(new Set(this.#leaving.keys()));
    if (await records.hasRecords()) throw inUse();
    const { version, schema } = this.#current;
    const closed = await this.#commit(
      version,
      withExtensions(schema, (one) => this.#closingOf(one) ?? one),
    );
    if (!closed) return undefined;
    const left = 'the extensions that go may be closed and still there. Make the same change again, which goes on.';
    return afterSchemaChange(left, () => this.#removeClosed(closed, records));
  }

  async #removeClosed({ version }: VersionedSchema, records: RecordRemoval): Promise<VersionedSchema | undefined> {
    const slippedIn = await records.hasRecords();
    const changed = slippedIn ? undefined : await this.#commit(version, this.#next);
    if (!changed) await this.#open();
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
    if (!(await this.#commit(this.#current.version, this.#nextWithClosing()))) return undefined;
    const left = 'records of extensions that go may be left. Make the same change again, which goes on.';
    return afterSchemaChange(left, () => retry(() => this.#deleteClosed()));
  }

  /** Deletes what is closed, and then takes it out of the schema; answers `undefined` if the schema moved. */
  async #deleteClosed(): Promise<VersionedSchema | undefined> {
    const newest = await this.#newest();
    const going = this.#closingIn(newest.schema);
    if (going.size === 0) return newest;
    if (!(await this.#recordsOf(going).deleteRecords(newest))) return undefined;
    const without = withExtensions(newest.schema, (one) =>
      going.has(foldName(one.name)) ? this.#successorOf(one) : one,
    );
    return this.#commit(newest.version, without);
  }

  /** The next schema, where the extensions that leave are still there, in the place of their successors if they have one. */
  #nextWithClosing(): StoredSchema {
    const gone = [...this.#leaving.values()].filter((extension) => !this.#successorOf(extension));
    const { extensions } = withExtensions(this.#next, (one) => this.#closingOf(one) ?? one);
    return { ...this.#next, extensions: [...extensions, ...gone.flatMap((one) => this.#closingOf(one) ?? [])] };
  }

  /** Opens again what was closed here, and nothing else: records that are half deleted must not come back. */
  #open(): Promise<unknown> {
    const before = this.#closingIn(this.#current.schema);
    return retry(async () => {
      const { version, schema } = await this.#newest();
      const closed = this.#closingIn(schema);
      const opened = withExtensions(schema, ({ closing, ...extension }) => {
        const name = foldName(extension.name);
        return closing && (before.has(name) || !closed.has(name)) ? { ...extension, closing } : extension;
      });
      return isDeepStrictEqual(opened, schema) ? true : this.#commit(version, opened);
    });
  }

  async #newest(): Promise<VersionedSchema> {
    return (await this.#repository.loadSchema(this.#tenantId)) ?? NO_SCHEMA;
  }

  /** An extension that leaves as it is until then, and `undefined` for any other. */
  #closingOf({ name }: StoredExtensionDefinition): StoredExtensionDefinition | undefined {
    const extension = this.#leaving.get(foldName(name));
    return extension && { ...extension, closing: true };
  }

  #successorOf({ name }: StoredExtensionDefinition): StoredExtensionDefinition | undefined {
    return findNamed(this.#next.extensions, name);
  }

  /** Which of the extensions that leave are closing in a schema. */
  #closingIn({ extensions }: StoredSchema): ReadonlySet<string> {
    const closing = extensions.filter((extension) => extension.closing).map(({ name }) => foldName(name));
    return new Set(closing.filter((name) => this.#leaving.has(name)));
  }

  #recordsOf(names: ReadonlySet<string>): RecordRemoval {
    return new RecordRemoval(this.#repository, this.#now, this.#tenantId, names);
  }

  async #commit(expectedVersion: number, schema: StoredSchema): Promise<VersionedSchema | undefined> {
    const { outcome } = await this.#repository.commitSchema({ tenantId: this.#tenantId, expectedVersion, schema });
    return outcome === 'committed' ? { version: expectedVersion + 1, schema } : undefined;
  }
}

/** Extensions that go, whose going has begun and that are to be there again, or that have one record at most from now on. */
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
    'Profiles have records in an extension that would go. Delete the records first, or force the change.',
  );
}
