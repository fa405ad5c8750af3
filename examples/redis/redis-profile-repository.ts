import { InvalidOptionsError } from 'dossier';
import type {
  Change,
  CommitResult,
  Found,
  IndexEntry,
  Loaded,
  PageRequest,
  ProfileRepository,
  SchemaChange,
  SchemaCommitResult,
  StoredProfile,
  StoredSchema,
} from 'dossier/storage';
import { commitCall, commitResult } from './commit-call.js';
import { countOf } from './counts.js';
import { LuaScript } from './lua-script.js';
import { type MemberRange, profilesRead, readProfilesCall } from './read-profiles.js';
import type { RedisConnection } from './redis-connection.js';
import { answerOf } from './redis-fault.js';
import { documentOf } from './stored-document.js';
import { TenantKeys } from './tenant-keys.js';

/** What {@link RedisProfileRepository} can be told. */
export interface RedisRepositoryOptions {
  /** What the names of all keys begin with: printable ASCII without braces. Default `dossier:`. */
  readonly prefix?: string;
}

const COMMIT = new LuaScript('commit');
const COMMIT_SCHEMA = new LuaScript('commit-schema');
const READ_PROFILES = new LuaScript('read-profiles');

/** Comes after every character that a customer id may have. */
const AFTER_ALL_IDS = '\x7f';

/** Keeps profiles in Redis. Each method is one command or one script, which Redis runs without interruption. */
export class RedisProfileRepository implements ProfileRepository {
  readonly #connection: RedisConnection;
  readonly #prefix: string;

  /** @throws InvalidOptionsError */
  constructor(connection: RedisConnection, { prefix = 'dossier:' }: RedisRepositoryOptions = {}) {
    if (!/^[!-z|~]*$/.test(prefix)) {
      throw new InvalidOptionsError([
        { pointer: '/prefix', rule: 'options', expected: 'printable ASCII without braces' },
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

  async commit(changes: readonly Change[]): Promise<CommitResult> {
    const [first] = changes;
    if (first === undefined) return { outcome: 'committed' };
    const keys = this.#keys(first.tenantId);
    // Everything is made text here, before the first wait: what the caller does with the changes later is of no account.
    const call = commitCall(keys, changes);
    return commitResult(keys, await answerOf(COMMIT.run(this.#connection, call), 'changing'));
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

  async page(tenantId: string, { after, limit }: PageRequest): Promise<StoredProfile[]> {
    const keys = this.#keys(tenantId);
    const from = after === undefined ? '-' : `(${after}`;
    const range = { sortedSet: keys.customerIds, from, to: '+', limit, idAt: 0 };
    return [...(await this.#read(keys, range, true)).profiles];
  }

  async loadSchema(tenantId: string): Promise<{ readonly version: number; readonly schema: StoredSchema } | undefined> {
    const reading = this.#connection.hmGet(this.#keys(tenantId).schema, ['version', 'document']);
    const [version, document] = await answerOf(reading, 'reading');
    if (typeof version !== 'string' || typeof document !== 'string') return undefined;
    return { version: Number(version), schema: documentOf(document) };
  }

  async commitSchema({ tenantId, expectedVersion, schema }: SchemaChange): Promise<SchemaCommitResult> {
    const call = { keys: [this.#keys(tenantId).schema], arguments: [String(expectedVersion), JSON.stringify(schema)] };
    const answer = await answerOf(COMMIT_SCHEMA.run(this.#connection, call), 'changing');
    const [outcome, version] = answer as [SchemaCommitResult['outcome'], (string | null)?];
    return outcome === 'committed' ? { outcome } : { outcome, schemaVersion: countOf(version) };
  }

  async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
    const dropping = this.#connection.zRemRangeByRank(this.#keys(tenantId).entries(key), 0, limit - 1);
    return answerOf(dropping, 'changing');
  }

  async ping(): Promise<void> {
    await answerOf(this.#connection.ping(), 'reading');
  }

  #keys(tenantId: string): TenantKeys {
    return new TenantKeys(this.#prefix, tenantId);
  }

  async #read(keys: TenantKeys, range: MemberRange, extensions: boolean): Promise<Found> {
    const call = readProfilesCall(keys, range, extensions);
    return profilesRead(await answerOf(READ_PROFILES.run(this.#connection, call), 'reading'));
  }
}
