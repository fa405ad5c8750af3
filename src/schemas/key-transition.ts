import { isDeepStrictEqual } from 'node:util';
import { SchemaInUseError } from '../errors.js';
import { type IdentificationKeyDefinition, PROFILE, type ValueType } from '../model/schema.js';
import type { StoredKeyDefinition, StoredSchema } from '../model/stored-schema.js';
import { compileSchema } from '../rules/compiled-schema.js';
import { isSameKey } from '../rules/declared-case.js';
import { MAX_ENTRIES_PER_KEY } from '../rules/identification/key-values.js';
import { findNamed, foldName } from '../rules/names.js';
import type { ProfileRepository } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { type BackfillProgress, KeyFilling } from './key-backfill.js';
import { joinDefinitions, type SchemaParts } from './schema-join.js';
import { definitionOf, NO_SCHEMA, type VersionedSchema } from './schema-view.js';

/** A definition is to be complete in the end; what is stored stays as it is, even if somebody else is filling it. */
export type WantedKey = IdentificationKeyDefinition | StoredKeyDefinition;

const ENTRIES_AT_ONCE = 1_000;

/**
 * What a schema change means for the identification keys. Keys that are new to a schema in use come before anything else
 * changes: they are committed as filling, beside all that there is, so that every writer knows them, and filled from the
 * profiles (R21). Should they be refused, nothing else has happened. Only then they become complete, with the rest of the
 * change. Entries of keys that go are removed last; they lie under an index that no key has any more, and that the schema
 * names as a former one, so that they do not stay for ever should the process end before that.
 */
export class KeyTransition {
  readonly #repository: ProfileRepository;
  readonly #tenantId: string;
  readonly #before: VersionedSchema;
  readonly #wanted: readonly StoredKeyDefinition[];
  /** Those of the wanted keys that are not complete yet, and that are to be. */
  readonly #filling: readonly StoredKeyDefinition[];
  #staged: VersionedSchema;

  /** @param wanted the keys from now on; `undefined` leaves them as they are */
  constructor(
    repository: ProfileRepository,
    tenantId: string,
    before: VersionedSchema,
    wanted: readonly WantedKey[] = before.schema.identificationKeys,
  ) {
    this.#repository = repository;
    this.#tenantId = tenantId;
    this.#before = before;
    this.#staged = before;
    const stored = before.schema.identificationKeys;
    const keys = wanted.map((key) => {
      if ('index' in key) return { key, stays: true };
      const same = stored.find((old) => isSameKey(definitionOf(old), key));
      return { key: same ?? newKey(key, before.version), stays: false };
    });
    this.#wanted = keys.map(({ key }) => key);
    this.#filling = keys.filter(({ key, stays }) => key.filling && !stays).map(({ key }) => key);
  }

  /**
   * The schema in the end.
   *
   * @throws SchemaInUseError if it takes an attribute away from a key that stays, or gives it another type (W8)
   */
  next(wanted: SchemaParts): StoredSchema {
    const inUse = this.#wanted.find((key) => !this.#isNew(key) && !this.#isIntact(key, wanted));
    if (inUse) {
      throw new SchemaInUseError(`The identification key ${inUse.name} uses what would change. Remove the key first.`);
    }
    const identificationKeys = this.#wanted.map((key) => (this.#filling.includes(key) ? completed(key) : key));
    return withFormer({ ...wanted, identificationKeys }, [...indexesOf(this.#going)]);
  }

  /** Removes what the change before this one may have left of the keys that went with it. */
  async sweep(): Promise<void> {
    await this.#dropEntries(this.#before.schema.formerIndexes ?? []);
  }

  /**
   * Fills the keys that are new.
   *
   * @returns the schema as it is then; `undefined` if somebody else changed it meanwhile
   * @throws SchemaInUseError if a unique key meets profiles that collide, or a key a profile with too many combinations of
   *   values; the schema is then what it was before
   */
  async fill(wanted: SchemaParts, onProgress: BackfillProgress | undefined): Promise<VersionedSchema | undefined> {
    if (this.#filling.length === 0) return this.#before;
    if (!(await this.#stage(wanted))) return undefined;
    const indexes = indexesOf(this.#filling);
    const compiled = compileSchema(this.#staged.version, this.#staged.schema);
    const keys = compiled.keys.filter(({ index }) => indexes.has(index));
    const result = await new KeyFilling(this.#repository, this.#tenantId, compiled, keys).run(onProgress);
    if (result.outcome === 'schema_moved') return undefined;
    if (result.outcome === 'filled') return this.#staged;
    await this.takeBack();
    if (result.outcome === 'overfull') {
      throw new SchemaInUseError(
        `A profile has more than ${MAX_ENTRIES_PER_KEY} combinations of values for the identification key ${result.key.name}. Give it fewer, then add the key.`,
      );
    }
    const { collisions } = result;
    throw new SchemaInUseError(
      `Profiles collide in ${collisions} entries of a unique identification key. Make them differ, then add the key.`,
      { collisions },
    );
  }

  /** Takes back what was done to fill: all of it, or the new keys alone if others have changed the schema meanwhile. */
  async takeBack(): Promise<void> {
    const indexes = indexesOf(this.#filling);
    const isFilling = ({ index, filling }: StoredKeyDefinition) => filling === true && indexes.has(index);
    const { schema } = await retry(async () => {
      const current = (await this.#repository.loadSchema(this.#tenantId)) ?? NO_SCHEMA;
      const taken = current.schema.identificationKeys.filter(isFilling);
      if (taken.length === 0) return current;
      const former = isDeepStrictEqual(current.schema, this.#staged.schema) ? this.#before.schema : current.schema;
      const identificationKeys = former.identificationKeys.filter((key) => !isFilling(key));
      const gone = [...(current.schema.formerIndexes ?? []), ...indexesOf(taken)];
      return this.#commit(current.version, withFormer({ ...former, identificationKeys }, gone));
    });
    // Another process may have completed the same key.
    const left = indexesOf(schema.identificationKeys);
    await this.#dropEntries([...indexes].filter((index) => !left.has(index)));
  }

  /** Removes the entries of the keys that are gone. */
  async end(): Promise<void> {
    await this.#dropEntries(indexesOf(this.#going));
  }

  /** Commits the keys as filling, unless they are so already. Answers false if the schema moved. */
  async #stage(wanted: SchemaParts): Promise<boolean> {
    const { version, schema } = this.#before;
    const identificationKeys = [...schema.identificationKeys, ...this.#filling.filter((key) => this.#isNew(key))];
    const joined = { ...joinDefinitions(schema, wanted), identificationKeys };
    if (isSameSchema(joined, schema)) return true;
    const staged = await this.#commit(version, joined);
    this.#staged = staged ?? this.#before;
    return staged !== undefined;
  }

  get #going(): readonly StoredKeyDefinition[] {
    return this.#before.schema.identificationKeys.filter((key) => !this.#wanted.includes(key));
  }

  #isNew(key: StoredKeyDefinition): boolean {
    return !this.#before.schema.identificationKeys.includes(key);
  }

  #isIntact(key: StoredKeyDefinition, wanted: SchemaParts): boolean {
    return key.attributes.every((name) => typeOf(wanted, key, name) === typeOf(this.#before.schema, key, name));
  }

  async #commit(expectedVersion: number, schema: StoredSchema): Promise<VersionedSchema | undefined> {
    const { outcome } = await this.#repository.commitSchema({ tenantId: this.#tenantId, expectedVersion, schema });
    return outcome === 'committed' ? { version: expectedVersion + 1, schema } : undefined;
  }

  async #dropEntries(indexes: Iterable<string>): Promise<void> {
    for (const index of indexes) {
      while ((await this.#repository.dropEntries(this.#tenantId, index, ENTRIES_AT_ONCE)) === ENTRIES_AT_ONCE);
    }
  }
}

/** Whether two schemas declare the same, whatever went before them. */
export function isSameSchema(one: StoredSchema, other: StoredSchema): boolean {
  return isDeepStrictEqual(withFormer(one, []), withFormer(other, []));
}

/** A schema with which these indexes have gone, and no others. */
function withFormer({ formerIndexes: _, ...schema }: StoredSchema, gone: readonly string[]): StoredSchema {
  return gone.length === 0 ? schema : { ...schema, formerIndexes: gone };
}

/** A tenant without a schema has no profiles, so the keys of its first one are complete at once. */
function newKey(key: IdentificationKeyDefinition, version: number): StoredKeyDefinition {
  const stored = { ...key, index: `${key.name}#${version + 1}` };
  return version === 0 ? stored : { ...stored, filling: true };
}

function completed({ filling: _, ...key }: StoredKeyDefinition): StoredKeyDefinition {
  return key;
}

function indexesOf(keys: readonly StoredKeyDefinition[]): ReadonlySet<string> {
  return new Set(keys.map(({ index }) => index));
}

function typeOf(schema: SchemaParts, { source = PROFILE }: StoredKeyDefinition, name: string): ValueType | undefined {
  const extension = findNamed(schema.extensions, source);
  const definitions = foldName(source) === PROFILE ? schema.attributes : (extension?.attributes ?? []);
  return findNamed(definitions, name)?.type;
}
