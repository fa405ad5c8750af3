import type { StoredSchema } from '../model/stored-schema.js';
import { nextCanonicalSince } from '../rules/canonical-form.js';
import { renumbered } from '../rules/definition-numbers.js';
import type { ProfileRepository } from '../storage/profile-repository.js';
import { nextTurn } from '../storage/turns.js';

/** A stored schema with its version. Version 0 means that the tenant has no schema. */
export interface VersionedSchema {
  readonly version: number;
  readonly schema: StoredSchema;
}

const NO_SCHEMA: VersionedSchema = {
  version: 0,
  schema: { attributes: [], extensions: [], identificationKeys: [], retiredNames: [] },
};

/** Loads the stored schema of one tenant, and commits changes of it by compare-and-set. */
export class TenantSchema {
  readonly tenantId: string;
  readonly #repository: ProfileRepository;

  constructor(repository: ProfileRepository, tenantId: string) {
    this.#repository = repository;
    this.tenantId = tenantId;
  }

  /** The newest version; version 0 without definitions if the tenant has no schema. */
  async load(): Promise<VersionedSchema> {
    return (await this.#repository.loadSchema(this.tenantId)) ?? NO_SCHEMA;
  }

  /** Commits the version after the current one. Returns `undefined` if the schema has another version. */
  async commit(current: VersionedSchema, next: StoredSchema): Promise<VersionedSchema | undefined> {
    const expectedVersion = current.version;
    const canonicalSince = nextCanonicalSince(expectedVersion, current.schema, next);
    const schema = { ...renumbered(current.schema, next), canonicalSince };
    const { outcome } = await this.#repository.commitSchema(this.tenantId, { expectedVersion, schema });
    return outcome === 'committed' ? { version: expectedVersion + 1, schema } : undefined;
  }

  /** Removes all entries of these indexes. No key of the schema may use them. */
  async dropEntries(indexes: Iterable<string>): Promise<void> {
    for (const index of indexes) {
      while ((await this.#repository.dropEntries(this.tenantId, index, ENTRIES_AT_ONCE)) === ENTRIES_AT_ONCE) {
        await nextTurn();
      }
    }
  }
}

const ENTRIES_AT_ONCE = 1_000;
