import { isDeepStrictEqual } from 'node:util';
import { SchemaInUseError } from '../errors.js';
import type { IdentificationKeyDefinition } from '../model/schema.js';
import type { KeyReading, SchemaParts, StoredKeyDefinition, StoredSchema } from '../model/stored-schema.js';
import type { ProfileChanges } from '../profiles/profile-changes.js';
import { isSameKey } from '../rules/declared-case.js';
import { renameKeys } from '../rules/former-names.js';
import { MAX_ENTRIES_PER_KEY } from '../rules/identification/key-values.js';
import { isIntact, isRefitted, isRenamed, type KeyLineage, keyLineages, readingOf } from '../rules/key-lineage.js';
import type { ProfileRepository } from '../storage/profile-repository.js';
import { retry } from '../storage/retry.js';
import { compileStoredSchema } from './compiled-stored-schema.js';
import { type BackfillProgress, backfillKeys } from './key-backfill.js';
import type { RenamedKey } from './moved-keys.js';
import { definitionOf, withoutNumber } from './schema-view.js';
import type { TenantSchema, VersionedSchema } from './tenant-schema.js';

/** A key of the next schema: a definition, to be backfilled if it is new; or a stored key, to be kept as it is. */
export type WantedKey = IdentificationKeyDefinition | StoredKeyDefinition;

/**
 * The steps of a schema change that concern identification keys:
 *
 * 1. Commits new keys as backfilling, so that every writer maintains their entries, and backfills them from the
 *    profiles (R21). If that fails, it is reverted, and nothing else has changed.
 * 2. The rest of the change is committed, with the new keys complete, by the caller.
 * 3. Drops the entries of removed keys. The schema lists their indexes in `formerIndexes`, so that the next change
 *    drops the rest if the process ends before.
 *
 * A key whose source or attributes are renamed stays as it is, with its entries, and takes the new names (R26). One whose
 * source or attributes get another multiplicity is recreated in the same steps, since it finds other values then (R23): it
 * answers by its former index until the change is committed, and by a new one from then on.
 */
export class KeyTransition {
  readonly #stored: TenantSchema;
  readonly #repository: ProfileRepository;
  readonly #changes: ProfileChanges;
  readonly #before: VersionedSchema;
  readonly #parts: SchemaParts;
  /** By the names of the next schema. */
  readonly #wanted: readonly StoredKeyDefinition[];
  /** Those that the current schema has as well, by its names. W8 is for them. */
  readonly #kept: readonly StoredKeyDefinition[];
  /** The wanted keys that are to be backfilled. */
  readonly #incomplete: readonly StoredKeyDefinition[];
  readonly #currentIndexes: ReadonlySet<string>;
  readonly #lineageOf: (key: IdentificationKeyDefinition) => KeyLineage;
  #staged: VersionedSchema;

  /**
   * @param parts the other definitions of the next schema
   * @param wanted all keys of the next schema. Default: the current ones
   */
  constructor(
    stored: TenantSchema,
    repository: ProfileRepository,
    changes: ProfileChanges,
    before: VersionedSchema,
    parts: SchemaParts,
    wanted: readonly WantedKey[] = before.schema.identificationKeys,
  ) {
    this.#stored = stored;
    this.#repository = repository;
    this.#changes = changes;
    this.#before = before;
    this.#parts = parts;
    this.#staged = before;
    this.#currentIndexes = indexesOf(before.schema.identificationKeys);
    this.#lineageOf = keyLineages(before.schema, parts);
    const current = renameKeys(before.schema.identificationKeys, parts);
    const keys = renameKeys(wanted, parts).flatMap((key) => {
      const same = current.filter((one) => isSameKey(definitionOf(one), definitionOf(key)));
      if (isStored(key) && key.filling) return this.#goesOn(key, same) ? [{ former: key, key, isOwn: false }] : [];
      return [{ former: isStored(key) ? key : same[0], key: this.#successorOf(key, same), isOwn: true }];
    });
    this.#kept = keys.flatMap(({ former }) => (former && !former.reads ? [former] : []));
    this.#wanted = keys.map(({ key }) => key);
    this.#incomplete = keys.filter(({ key, isOwn }) => isOwn && key.filling).map(({ key }) => key);
  }

  /**
   * Whether a key that another change is backfilling may stay. If not, that change fails at its next commit, and
   * starts over. If its process has died, only this ends a key that was to replace another one.
   *
   * @param same the keys of the current schema with this definition
   */
  #goesOn(key: StoredKeyDefinition, same: readonly StoredKeyDefinition[]): boolean {
    return key.reads ? same.every(({ filling }) => filling) : !isRefitted(this.#lineageOf(key));
  }

  /**
   * A wanted key as the next schema stores it: one of the current schema that reads profiles as the next one does; else a
   * new one.
   *
   * @param same the keys of the current schema with this definition: a complete one, and one that is to take its place
   */
  #successorOf(key: WantedKey, same: readonly StoredKeyDefinition[]): StoredKeyDefinition {
    const lineage = this.#lineageOf(key);
    const reads = readingOf(lineage);
    const usable = same.find((one) => (one.reads ? isDeepStrictEqual(one.reads, reads) : !isRefitted(lineage)));
    return usable ?? newKey(definitionOf(key), this.#before.version, reads);
  }

  /**
   * The next schema.
   *
   * @throws SchemaInUseError if it removes or retypes an attribute of a key that is kept (W8), or joins it with another one
   *   (R26)
   */
  next(): StoredSchema {
    const [inUse] = this.keysInUse();
    if (inUse !== undefined) {
      throw new SchemaInUseError(
        `The identification key ${inUse} uses an attribute that the change removes or retypes, or joins with another one. Remove the key first.`,
      );
    }
    return this.proposal();
  }

  /** The names of the keys for which {@link next} refuses the change. */
  keysInUse(): readonly string[] {
    const names = this.#kept.filter((key) => !isIntact(this.#lineageOf(key))).map(({ name }) => name);
    return [...new Set(names)];
  }

  /** The keys of the next schema whose source or attributes are renamed, or get former names (R26). */
  async renamedKeys(): Promise<readonly RenamedKey[]> {
    const renamed = this.#wanted.filter((key) => !key.reads && isRenamed(this.#lineageOf(key)));
    if (renamed.length === 0) return [];
    const identificationKeys = renamed.map((key) => this.#byCurrentNames(key));
    const { version, schema } = this.#before;
    const before = await compileStoredSchema({ version, schema: { ...schema, identificationKeys } });
    const after = await compileStoredSchema({ version, schema: { ...this.#parts, identificationKeys: renamed } });
    const byIndex = new Map(before.keys.map((key) => [key.index, key]));
    return after.keys.flatMap((key) => {
      const same = byIndex.get(key.index);
      return same ? [{ name: key.name, before: same, after: key }] : [];
    });
  }

  /** The next schema, whether it may be stored or not. */
  proposal(): StoredSchema {
    const identificationKeys = this.#wanted.map((key) => (this.#incomplete.includes(key) ? completed(key) : key));
    return withFormer({ ...this.#parts, identificationKeys }, [...indexesOf(this.#removed)]);
  }

  /** Drops the entries of keys that the previous change removed, in case it was interrupted. */
  async sweep(): Promise<void> {
    await this.#stored.dropEntries(this.#before.schema.formerIndexes ?? []);
  }

  /**
   * Backfills the new keys.
   *
   * @returns the schema afterwards; `undefined` if others changed it meanwhile
   * @throws SchemaInUseError if profiles have the same values for a unique key, or a profile has too many combinations
   *   of values for a key. The backfill is reverted
   */
  async backfill(onProgress: BackfillProgress | undefined): Promise<VersionedSchema | undefined> {
    if (this.#incomplete.length === 0) return this.#before;
    if (!(await this.#stage())) return undefined;
    const indexes = indexesOf(this.#incomplete);
    const compiled = await compileStoredSchema(this.#staged);
    const keys = compiled.keys.filter(({ index }) => indexes.has(index));
    const { tenantId } = this.#stored;
    const result = await backfillKeys(this.#changes, this.#repository, tenantId, compiled, keys, onProgress);
    if (result.outcome === 'schema_changed') return undefined;
    if (result.outcome === 'backfilled') return this.#staged;
    await this.revert();
    if (result.outcome === 'overfull') {
      throw new SchemaInUseError(
        `A profile has more than ${MAX_ENTRIES_PER_KEY} combinations of values for the identification key ${result.key.name}, or more than ${this.#changes.limits.maxKeyCharacters} characters in them (option \`maxKeyCharacters\`). Give it fewer, then add the key.`,
      );
    }
    const { collisions } = result;
    throw new SchemaInUseError(
      `Profiles share values of a unique identification key (${collisions} collisions). Change the profiles, then add the key again.`,
      { collisions },
    );
  }

  /** Reverts the backfill. If others have changed the schema meanwhile, removes only the backfilling keys. */
  async revert(): Promise<void> {
    const indexes = indexesOf(this.#incomplete);
    const isBackfilling = ({ index, filling }: StoredKeyDefinition) => filling === true && indexes.has(index);
    const { schema } = await retry(async () => {
      const current = await this.#stored.load();
      const taken = current.schema.identificationKeys.filter(isBackfilling);
      if (taken.length === 0) return current;
      const former = isDeepStrictEqual(current.schema, this.#staged.schema) ? this.#before.schema : current.schema;
      const identificationKeys = former.identificationKeys.filter((key) => !isBackfilling(key));
      const gone = [...(current.schema.formerIndexes ?? []), ...indexesOf(taken)];
      return this.#stored.commit(current, withFormer({ ...former, identificationKeys }, gone));
    });
    // Another process may have completed the same key.
    const left = indexesOf(schema.identificationKeys);
    await this.#stored.dropEntries([...indexes].filter((index) => !left.has(index)));
  }

  /** Drops the entries of the removed keys. */
  async end(): Promise<void> {
    await this.#stored.dropEntries(indexesOf(this.#removed));
  }

  /** Commits the new keys as backfilling, unless they are stored so already. Returns false if the schema changed. */
  async #stage(): Promise<boolean> {
    const { schema } = this.#before;
    const added = this.#incomplete
      .filter(({ index }) => !this.#currentIndexes.has(index))
      .map((key) => this.#byCurrentNames(key));
    if (added.length === 0) return true;
    const identificationKeys = [...schema.identificationKeys, ...added];
    const staged = await this.#stored.commit(this.#before, { ...schema, identificationKeys });
    this.#staged = staged ?? this.#before;
    return staged !== undefined;
  }

  /** A key as the current schema would name its source and attributes. */
  #byCurrentNames(key: StoredKeyDefinition): StoredKeyDefinition {
    const { extension, attributes } = this.#lineageOf(key);
    return {
      ...key,
      ...(extension?.before && { source: extension.before.name }),
      attributes: key.attributes.map((name, index) => attributes[index]?.before?.name ?? name),
    };
  }

  get #removed(): readonly StoredKeyDefinition[] {
    const indexes = indexesOf(this.#wanted);
    return this.#before.schema.identificationKeys.filter(({ index }) => !indexes.has(index));
  }
}

/** Whether two schemas declare the same. */
export function isSameSchema(one: StoredSchema, other: StoredSchema): boolean {
  return isDeepStrictEqual(declared(one), declared(other));
}

/** A schema without its bookkeeping. */
function declared({ attributes, extensions, identificationKeys }: StoredSchema): StoredSchema {
  return { attributes: attributes.map(withoutNumber), extensions: extensions.map(withoutNumber), identificationKeys };
}

/** The schema with exactly these former indexes. */
function withFormer({ formerIndexes: _, ...schema }: StoredSchema, gone: readonly string[]): StoredSchema {
  return gone.length === 0 ? schema : { ...schema, formerIndexes: gone };
}

function isStored(key: WantedKey): key is StoredKeyDefinition {
  return 'index' in key;
}

/** Keys of the first schema of a tenant need no backfill: there are no profiles. */
function newKey(key: IdentificationKeyDefinition, version: number, reads: KeyReading | undefined): StoredKeyDefinition {
  const stored = { ...key, index: `${key.name}#${version + 1}` };
  return version === 0 ? stored : { ...stored, filling: true, ...(reads && { reads }) };
}

function completed({ filling: _, reads: __, ...key }: StoredKeyDefinition): StoredKeyDefinition {
  return key;
}

function indexesOf(keys: readonly StoredKeyDefinition[]): ReadonlySet<string> {
  return new Set(keys.map(({ index }) => index));
}
