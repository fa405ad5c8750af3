import { InvalidOptionsError } from 'dossier';
import type {
  Change,
  CommitResult,
  Found,
  IndexEntry,
  Loaded,
  PageRequest,
  ProfilePage,
  ProfileRepository,
  SchemaChange,
  SchemaCommitResult,
  StoredSchema,
} from 'dossier/storage';
import { commitCall, commitResult } from './commit-call.js';
import { luaScript } from './lua-script.js';
import { type MemberRange, readProfilesCall, toFound } from './read-profiles.js';
import type { RedisConnection } from './redis-connection.js';
import { withStorageErrors } from './redis-errors.js';
import { parseDocument, parseInteger } from './stored-values.js';
import { TenantKeys } from './tenant-keys.js';

/** Options of {@link RedisProfileRepository}. */
export interface RedisRepositoryOptions {
  /** Prefix of all keys: printable ASCII without spaces and braces. Default `dossier:`. */
  readonly prefix?: string;
}

const commitScript = luaScript('commit');
const commitSchemaScript = luaScript('commit-schema');
const readProfilesScript = luaScript('read-profiles');

/** Sorts after every character of a customer id. */
const AFTER_ALL_IDS = '\x7f';

/** Stores profiles in Redis. Each method is one command or one script, which Redis executes atomically. */
export class RedisProfileRepository implements ProfileRepository {
  readonly #connection: RedisConnection;
  readonly #prefix: string;

  /** @throws InvalidOptionsError if `prefix` is not printable ASCII without spaces and braces */
  constructor(connection: RedisConnection, { prefix = 'dossier:' }: RedisRepositoryOptions = {}) {
    if (!/^[!-z|~]*$/.test(prefix)) {
      throw new InvalidOptionsError([
        { pointer: '/prefix', rule: 'options', expected: 'printable ASCII without spaces and braces' },
      ]);
    }
    this.#connection = connection;
    this.#prefix = prefix;
  }

  async load(tenantId: string, customerId: string, { extensions }: { readonly extensions: boolean }): Promise<Loaded> {
    const keys = this.#keys(tenantId);
    const range = { sortedSet: keys.customerIds, from: `[${customerId}`, to: `[${customerId}`, limit: 1, idAt: 0 };
    const { schemaVersion, profiles } = await this.#read(keys, range, extensions);
    return { schemaVersion, profile: profiles[0] };
  }

  async commit(tenantId: string, changes: readonly Change[]): Promise<CommitResult> {
    const keys = this.#keys(tenantId);
    // Serialized before the first await: the caller may mutate the changes afterwards.
    const call = commitCall(keys, changes);
    return commitResult(keys, await withStorageErrors(commitScript(this.#connection, call), 'write'));
  }

  async find(
    tenantId: string,
    { key, digest }: Pick<IndexEntry, 'key' | 'digest'>,
    { after, limit, extensions }: PageRequest & { readonly extensions: boolean },
  ): Promise<Found> {
    const keys = this.#keys(tenantId);
    const range = {
      sortedSet: keys.entries(key),
      from: `(${digest}${after ?? ''}`,
      to: `(${digest}${AFTER_ALL_IDS}`,
      limit,
      idAt: digest.length,
    };
    return this.#read(keys, range, extensions);
  }

  async page(tenantId: string, { after, limit }: PageRequest): Promise<ProfilePage> {
    const keys = this.#keys(tenantId);
    const from = after === undefined ? '-' : `(${after}`;
    const range = { sortedSet: keys.customerIds, from, to: '+', limit, idAt: 0 };
    const { profiles, more } = await this.#read(keys, range, true);
    return { profiles, more };
  }

  async loadSchema(tenantId: string): Promise<{ readonly version: number; readonly schema: StoredSchema } | undefined> {
    const reply = this.#connection.hmGet(this.#keys(tenantId).schema, ['version', 'document']);
    const [version, document] = await withStorageErrors(reply, 'read');
    if (typeof version !== 'string' || typeof document !== 'string') return undefined;
    return { version: Number(version), schema: parseDocument(document) };
  }

  async commitSchema(tenantId: string, { expectedVersion, schema }: SchemaChange): Promise<SchemaCommitResult> {
    const call = { keys: [this.#keys(tenantId).schema], arguments: [String(expectedVersion), JSON.stringify(schema)] };
    const reply = await withStorageErrors(commitSchemaScript(this.#connection, call), 'write');
    const [outcome, version] = reply as [SchemaCommitResult['outcome'], (string | null)?];
    return outcome === 'committed' ? { outcome } : { outcome, schemaVersion: parseInteger(version) };
  }

  async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
    const reply = this.#connection.zRemRangeByRank(this.#keys(tenantId).entries(key), 0, limit - 1);
    return withStorageErrors(reply, 'write');
  }

  async ping(): Promise<void> {
    await withStorageErrors(this.#connection.ping(), 'read');
  }

  #keys(tenantId: string): TenantKeys {
    return new TenantKeys(this.#prefix, tenantId);
  }

  async #read(keys: TenantKeys, range: MemberRange, extensions: boolean): Promise<Found> {
    const call = readProfilesCall(keys, range, extensions);
    return toFound(await withStorageErrors(readProfilesScript(this.#connection, call), 'read'));
  }
}
