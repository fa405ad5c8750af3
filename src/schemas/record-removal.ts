import type { ExtensionsDocument } from '../model/documents.js';
import { type CompiledSchema, compileSchema } from '../rules/compiled-schema.js';
import { entryChanges } from '../rules/identification/entries.js';
import { foldName } from '../rules/names.js';
import { profilePages } from '../storage/profile-pages.js';
import type { ProfileRepository, StoredProfile } from '../storage/profile-repository.js';
import type { VersionedSchema } from './schema-view.js';

/** Finds and deletes the records that profiles have in some extensions, given by their folded names. */
export class RecordRemoval {
  readonly #repository: ProfileRepository;
  readonly #now: () => Date;
  readonly #tenantId: string;
  readonly #names: ReadonlySet<string>;

  constructor(repository: ProfileRepository, now: () => Date, tenantId: string, names: ReadonlySet<string>) {
    this.#repository = repository;
    this.#now = now;
    this.#tenantId = tenantId;
    this.#names = names;
  }

  async hasRecords(): Promise<boolean> {
    for await (const page of profilePages(this.#repository, this.#tenantId)) {
      if (page.some((profile) => this.#recordsGo(profile))) return true;
    }
    return false;
  }

  /** Deletes the records, each profile in a change of its own. Answers false if the schema moved. */
  async deleteRecords({ version, schema }: VersionedSchema): Promise<boolean> {
    const compiled = compileSchema(version, schema);
    for await (const page of profilePages(this.#repository, this.#tenantId)) {
      for (const profile of page) if (!(await this.#deleteRecordsOf(profile, compiled))) return false;
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
