import { SchemaInUseError } from './errors/schema-in-use-error.js';
import { profilePages } from './profile-walk.js';
import { type CompiledSchema, compileSchema } from './rules/compiled-schema.js';
import { entryChanges } from './rules/identification/entries.js';
import { foldName } from './rules/names.js';
import type { ExtensionsDocument, ProfileRepository, StoredProfile } from './storage/profile-repository.js';
import type { StoredExtensionDefinition, StoredSchema } from './storage/stored-schema.js';

/**
 * Takes extensions out of a schema without stranding records (W8), while others go on writing. Looking for records
 * first and changing the schema afterwards would let a record slip in between. So the extensions are marked as closing
 * by a schema change of its own: from then on nobody can store a record in them (R16), and what a walk over the
 * profiles finds is all there is.
 *
 * If the process ends half-way the extensions stay closed, and removing them again goes on from there.
 */
export class ExtensionRemoval {
  readonly #repository: ProfileRepository;
  readonly #now: () => Date;
  readonly #tenantId: string;
  readonly #current: StoredSchema;
  readonly #names: ReadonlySet<string>;

  constructor(
    repository: ProfileRepository,
    now: () => Date,
    tenantId: string,
    current: StoredSchema,
    next: StoredSchema,
  ) {
    this.#repository = repository;
    this.#now = now;
    this.#tenantId = tenantId;
    this.#current = current;
    this.#names = new Set(leaving(current, next).map(({ name }) => foldName(name)));
  }

  /** Whether any extension leaves, so that the schema cannot simply be changed. */
  get needed(): boolean {
    return this.#names.size > 0;
  }

  /**
   * Sees to it that no profile has a record in the extensions that leave, and none can get one.
   *
   * @param force whether to delete the records that there are, each a change of its profile
   * @returns the version that the schema has then; `undefined` if somebody else changed it meanwhile
   * @throws SchemaInUseError if there are records and `force` is false; nothing has changed then
   */
  async prepare(version: number, force: boolean): Promise<number | undefined> {
    if (!force && (await this.#hasRecords())) throw inUse();
    if (!(await this.#commit(version, this.#closing()))) return undefined;
    const closed = version + 1;
    if (force) return (await this.#deleteRecords(closed)) ? closed : undefined;
    if (!(await this.#hasRecords())) return closed;
    await this.#commit(closed, this.#current);
    throw inUse();
  }

  #closing(): StoredSchema {
    const extensions = this.#current.extensions.map((extension): StoredExtensionDefinition => {
      return this.#names.has(foldName(extension.name)) ? { ...extension, closing: true } : extension;
    });
    return { ...this.#current, extensions };
  }

  async #commit(expectedVersion: number, schema: StoredSchema): Promise<boolean> {
    const result = await this.#repository.commitSchema({ tenantId: this.#tenantId, expectedVersion, schema });
    return result.outcome === 'committed';
  }

  async #hasRecords(): Promise<boolean> {
    for await (const page of profilePages(this.#repository, this.#tenantId)) {
      if (page.some((profile) => this.#recordsGo(profile))) return true;
    }
    return false;
  }

  async #deleteRecords(version: number): Promise<boolean> {
    const schema = compileSchema(version, this.#closing());
    for await (const page of profilePages(this.#repository, this.#tenantId)) {
      for (const profile of page) if (!(await this.#deleteRecordsOf(profile, schema))) return false;
    }
    return true;
  }

  /** Deletes the records of one profile, whatever others do to it meanwhile. Answers false if the schema moved. */
  async #deleteRecordsOf(found: StoredProfile, schema: CompiledSchema): Promise<boolean> {
    let profile: StoredProfile | undefined = found;
    while (profile && this.#recordsGo(profile)) {
      const extensions = this.#withoutRecords(profile.extensions);
      const result = await this.#repository.commit([
        {
          kind: 'update',
          tenantId: this.#tenantId,
          customerId: profile.customerId,
          schemaVersion: schema.version,
          expectedRevision: profile.revision,
          createdAt: profile.createdAt,
          attributes: profile.attributes,
          extensions,
          at: this.#now().toISOString(),
          ...entryChanges(schema, profile, { attributes: profile.attributes, extensions }),
        },
      ]);
      if (result.outcome === 'committed') return true;
      if (result.outcome === 'schema_moved') return false;
      const again = await this.#repository.load(this.#tenantId, profile.customerId, { extensions: true });
      profile = again.profile;
    }
    return true;
  }

  #recordsGo({ extensions = {} }: StoredProfile): boolean {
    return Object.entries(extensions).some(([name, records]) => this.#names.has(foldName(name)) && records.length > 0);
  }

  #withoutRecords(extensions: ExtensionsDocument = {}): ExtensionsDocument {
    return Object.fromEntries(Object.entries(extensions).filter(([name]) => !this.#names.has(foldName(name))));
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

function inUse(): SchemaInUseError {
  return new SchemaInUseError(
    'Profiles have records in an extension that would go. Delete the records first, or force the change.',
  );
}
