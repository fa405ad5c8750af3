import { isDeepStrictEqual } from 'node:util';
import { RevisionConflictError } from './errors/revision-conflict-error.js';
import { SchemaInUseError } from './errors/schema-in-use-error.js';
import { type FillingProgress, KeyFilling } from './key-filling.js';
import { retry } from './retry.js';
import { compileSchema } from './rules/compiled-schema.js';
import { foldName } from './rules/names.js';
import { type IdentificationKeyDefinition, PROFILE, type Schema, type ValueType } from './rules/schema.js';
import { answerKey, answerSchema, NO_SCHEMA, type VersionedSchema } from './schema-answer.js';
import type { ProfileRepository } from './storage/profile-repository.js';
import type { StoredKeyDefinition, StoredSchema } from './storage/stored-schema.js';

type Definitions = Pick<StoredSchema, 'attributes' | 'extensions'>;

const ENTRIES_AT_ONCE = 1_000;

/**
 * What a schema change means for the identification keys. A key that is new to a schema in use is committed as filling,
 * so that every writer knows it, then filled from the profiles that there are, and complete only after that (R21). Keys
 * that go stay until then, so that nothing has changed if the new ones are refused. Their entries are removed last; they
 * lie under an index that nothing names any more.
 */
export class KeyTransition {
  readonly #repository: ProfileRepository;
  readonly #tenantId: string;
  readonly #before: VersionedSchema;
  readonly #wanted: readonly StoredKeyDefinition[];
  readonly #fills: boolean;

  /** @param wanted the keys from now on; `undefined` leaves them as they are */
  constructor(
    repository: ProfileRepository,
    tenantId: string,
    before: VersionedSchema,
    wanted: readonly IdentificationKeyDefinition[] | undefined,
  ) {
    this.#repository = repository;
    this.#tenantId = tenantId;
    this.#before = before;
    const stored = before.schema.identificationKeys;
    this.#wanted =
      wanted?.map(
        (key) => stored.find((old) => isDeepStrictEqual(answerKey(old), key)) ?? newKey(key, before.version),
      ) ?? stored;
    this.#fills = wanted !== undefined && this.#wanted.some(({ filling }) => filling);
  }

  /**
   * The schema to commit.
   *
   * @throws SchemaInUseError if it takes an attribute away from a key that stays, or gives it another type (W8)
   */
  next(wanted: Definitions): StoredSchema {
    const going = this.#going.filter((key) => this.#fills && !key.filling && this.#isIntact(key, wanted));
    const inUse = this.#wanted.find((key) => !this.#isNew(key) && !this.#isIntact(key, wanted));
    if (inUse) {
      throw new SchemaInUseError(`The identification key ${inUse.name} uses what would change. Remove the key first.`);
    }
    return { ...wanted, identificationKeys: [...going, ...this.#wanted] };
  }

  /**
   * Brings the keys of a schema that has just been committed to their end.
   *
   * @returns the schema with all its keys complete
   * @throws SchemaInUseError if a unique key meets profiles that collide; the schema is then what it was before
   */
  async complete(committed: VersionedSchema, onProgress: FillingProgress | undefined): Promise<Schema> {
    let completed = this.#fills ? await this.#fill(committed, committed, onProgress) : committed;
    while (!completed) completed = await this.#fill(committed, await this.#reload(), onProgress);
    await this.#dropEntries(this.#going);
    return answerSchema(completed);
  }

  get #going(): readonly StoredKeyDefinition[] {
    return this.#before.schema.identificationKeys.filter((key) => !this.#wanted.includes(key));
  }

  #isNew(key: StoredKeyDefinition): boolean {
    return !this.#before.schema.identificationKeys.includes(key);
  }

  #isIntact(key: StoredKeyDefinition, wanted: Definitions): boolean {
    return key.attributes.every((name) => typeOf(wanted, key, name) === typeOf(this.#before.schema, key, name));
  }

  /** Answers the schema with the keys complete, or `undefined` if it moved meanwhile. */
  async #fill(
    committed: VersionedSchema,
    current: VersionedSchema,
    onProgress: FillingProgress | undefined,
  ): Promise<VersionedSchema | undefined> {
    const wanted = indexesOf(this.#wanted);
    const compiled = compileSchema(current.version, current.schema);
    const keys = compiled.keys.filter(({ index, complete }) => !complete && wanted.has(index));
    const result = await new KeyFilling(this.#repository, this.#tenantId, compiled, keys).run(onProgress);
    if (result.outcome === 'schema_moved') return undefined;
    if (result.outcome === 'collisions') return this.#refuse(committed, current, result.collisions);
    const going = indexesOf(this.#going);
    const identificationKeys = current.schema.identificationKeys
      .filter(({ index }) => !going.has(index))
      .map(({ filling, ...key }) => (filling && !wanted.has(key.index) ? { ...key, filling } : key));
    return this.#commit(current.version, { ...current.schema, identificationKeys });
  }

  /** Takes the change back: all of it, or the new keys alone if others have changed the schema meanwhile. */
  async #refuse(committed: VersionedSchema, current: VersionedSchema, collisions: number): Promise<never> {
    const added = this.#wanted.filter((key) => key.filling);
    const there = indexesOf(current.schema.identificationKeys);
    const before = without(this.#before.schema, (key) => added.includes(key) || !there.has(key.index));
    if (current !== committed || !(await this.#commit(current.version, before))) {
      await retry(async () => {
        const { version, schema } = await this.#reload();
        return this.#commit(
          version,
          without(schema, ({ index }) => indexesOf(added).has(index)),
        );
      });
    }
    await this.#dropEntries(added);
    throw new SchemaInUseError(
      `Profiles collide in ${collisions} entries of a unique identification key. Make them differ, then add the key.`,
      { collisions },
    );
  }

  async #commit(expectedVersion: number, schema: StoredSchema): Promise<VersionedSchema | undefined> {
    const { outcome } = await this.#repository.commitSchema({ tenantId: this.#tenantId, expectedVersion, schema });
    return outcome === 'committed' ? { version: expectedVersion + 1, schema } : undefined;
  }

  /** @throws RevisionConflictError if somebody took one of the keys away meanwhile */
  async #reload(): Promise<VersionedSchema> {
    const current = (await this.#repository.loadSchema(this.#tenantId)) ?? NO_SCHEMA;
    const indexes = indexesOf(current.schema.identificationKeys);
    if (!this.#wanted.every(({ index }) => indexes.has(index))) throw new RevisionConflictError(current.version);
    return current;
  }

  async #dropEntries(keys: readonly StoredKeyDefinition[]): Promise<void> {
    for (const { index } of keys) {
      while ((await this.#repository.dropEntries(this.#tenantId, index, ENTRIES_AT_ONCE)) === ENTRIES_AT_ONCE);
    }
  }
}

/** A tenant without a schema has no profiles, so the keys of its first one are complete at once. */
function newKey(key: IdentificationKeyDefinition, version: number): StoredKeyDefinition {
  const stored = { ...key, index: `${key.name}#${version + 1}` };
  return version === 0 ? stored : { ...stored, filling: true };
}

function indexesOf(keys: readonly StoredKeyDefinition[]): ReadonlySet<string> {
  return new Set(keys.map(({ index }) => index));
}

function without(schema: StoredSchema, goes: (key: StoredKeyDefinition) => boolean): StoredSchema {
  return { ...schema, identificationKeys: schema.identificationKeys.filter((key) => !goes(key)) };
}

function typeOf(schema: Definitions, { source = PROFILE }: StoredKeyDefinition, name: string): ValueType | undefined {
  const extension = schema.extensions.find((candidate) => foldName(candidate.name) === foldName(source));
  const definitions = foldName(source) === PROFILE ? schema.attributes : (extension?.attributes ?? []);
  return definitions.find((definition) => foldName(definition.name) === foldName(name))?.type;
}
