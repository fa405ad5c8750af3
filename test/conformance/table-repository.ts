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
  StoredProfile,
  StoredSchema,
  UpdateChange,
} from 'dossier/storage';
import { EntryIndex } from './entry-index.js';
import { createMutex } from './mutex.js';

/** The places where a tenant id is compared, each like a WHERE clause of one SQL statement. */
export type Statement =
  | 'load'
  | 'page'
  | 'find entry'
  | 'find profile'
  | 'check revision'
  | 'update'
  | 'delete'
  | 'check entry'
  | 'add entry'
  | 'remove entry'
  | 'drop entries'
  | 'check schema'
  | 'load schema'
  | 'replace schema';

export interface ProfileRow {
  readonly tenantId: string;
  readonly profile: StoredProfile;
}

export interface EntryRow extends IndexEntry {
  readonly tenantId: string;
  readonly customerId: string;
}

export interface SchemaRow {
  readonly tenantId: string;
  readonly version: number;
  readonly schema: StoredSchema;
}

/**
 * A correct repository, as simple as a database without indexes: three tables, searched linearly. Each step is a separate
 * method, so that a fault can override just one.
 */
export class TableRepository implements ProfileRepository {
  protected profiles: readonly ProfileRow[] = [];
  protected entries: readonly EntryRow[] = [];
  protected schemas: readonly SchemaRow[] = [];
  // Not #index: tests look at a store through a Proxy, which reaches no private field.
  private readonly index = new EntryIndex();

  async load(tenantId: string, customerId: string, { extensions }: { readonly extensions: boolean }): Promise<Loaded> {
    const row = this.profiles.find((candidate) => this.isProfile(candidate, tenantId, customerId, 'load'));
    return {
      schemaVersion: this.schemaOf(tenantId, 'check schema')?.version,
      profile: row === undefined ? undefined : this.toResult(row.profile, extensions),
    };
  }

  async commit(changes: readonly Change[]): Promise<CommitResult> {
    const copies = this.copyIn(changes);
    const moved = this.schemaConflict(copies);
    if (moved !== undefined) return moved;
    const before = this.snapshot();
    for (const [index, change] of copies.entries()) {
      const conflict = this.conflict(change, index);
      if (conflict !== undefined) {
        this.restore(before);
        return conflict;
      }
      // A correct step is synchronous. A fault may return a promise, and other calls then run in between.
      const delay = this.apply(change);
      if (delay !== undefined) await delay;
    }
    return { outcome: 'committed' };
  }

  async find(
    tenantId: string,
    entry: IndexEntry,
    page: PageRequest & { readonly extensions: boolean },
  ): Promise<Found> {
    const holders = this.entries
      .filter((row) => this.isTenant(row.tenantId, tenantId, 'find entry') && this.isEntry(row, entry))
      .map((row) => row.customerId);
    const held = this.usesDefaultComparisons() ? new Set(holders) : undefined;
    const found = this.profiles.filter(
      (row) =>
        this.isTenant(row.tenantId, tenantId, 'find profile') &&
        (held?.has(row.profile.customerId) ??
          holders.some((customerId) => this.isId(row.profile.customerId, customerId))),
    );
    return {
      schemaVersion: this.schemaOf(tenantId, 'check schema')?.version,
      ...this.pageResult(this.inFoundOrder(found), page, page.extensions),
    };
  }

  async page(tenantId: string, page: PageRequest): Promise<ProfilePage> {
    const rows = this.profiles.filter((row) => this.isTenant(row.tenantId, tenantId, 'page'));
    return this.pageResult(this.inOrder(rows), page, true);
  }

  async loadSchema(tenantId: string): Promise<{ readonly version: number; readonly schema: StoredSchema } | undefined> {
    const row = this.schemaOf(tenantId, 'load schema');
    return row === undefined ? undefined : this.copyOut({ version: row.version, schema: row.schema });
  }

  async commitSchema(change: SchemaChange): Promise<SchemaCommitResult> {
    const { tenantId, expectedVersion, schema } = this.copyIn(change);
    const version = this.schemaOf(tenantId, 'check schema')?.version;
    if (!this.isExpectedVersion(version ?? 0, expectedVersion))
      return { outcome: 'schema_changed', schemaVersion: version };
    const others = this.schemas.filter((row) => !this.isTenant(row.tenantId, tenantId, 'replace schema'));
    this.schemas = [...others, { tenantId, version: (version ?? 0) + 1, schema }];
    return { outcome: 'committed' };
  }

  async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
    const dropped = this.entriesToDrop(tenantId, key, limit);
    this.entries = this.without(dropped);
    return dropped.length;
  }

  async ping(): Promise<void> {}

  readonly #oneTransaction = createMutex();

  /** Runs work like a transaction of a host, one at a time. Nothing else may run at the same time. */
  transaction(work: (repository: ProfileRepository) => Promise<'commit' | 'rollback'>): Promise<void> {
    return this.#oneTransaction(async () => {
      const before = this.snapshot();
      const { schemas } = this;
      if ((await work(this)) === 'commit') return;
      this.restore(before);
      this.schemas = schemas;
    });
  }

  protected schemaConflict(changes: readonly Change[]): CommitResult | undefined {
    for (const change of changes) {
      const schemaVersion = this.schemaOf(change.tenantId, 'check schema')?.version;
      if (change.schemaVersion !== schemaVersion) return { outcome: 'schema_changed', schemaVersion };
    }
    return undefined;
  }

  protected conflict(change: Change, index: number): CommitResult | undefined {
    return this.profileConflict(change, index) ?? this.entryConflict(change, index);
  }

  protected profileConflict(change: Change, index: number): CommitResult | undefined {
    const { tenantId, customerId } = change;
    const row = this.profiles.find((candidate) => this.isProfile(candidate, tenantId, customerId, 'check revision'));
    const revision = row?.profile.revision;
    if (change.kind === 'create') return revision === undefined ? undefined : { outcome: 'id_taken', index };
    const isCurrent = revision === change.expectedRevision && row?.profile.createdAt === change.createdAt;
    return isCurrent ? undefined : { outcome: 'revision_changed', index, revision };
  }

  protected entryConflict(change: Change, index: number): CommitResult | undefined {
    if (change.kind === 'delete') return undefined;
    const taken = change.addEntries.find((entry) => entry.unique && this.isTaken(entry, change));
    return taken === undefined ? undefined : { outcome: 'entry_taken', index, key: taken.key };
  }

  protected isTaken(entry: IndexEntry, { tenantId, customerId }: Change): boolean {
    const candidates = this.usesDefaultComparisons() ? this.index.withDigest(this.entries, entry.digest) : this.entries;
    return [...candidates].some(
      (row) =>
        this.isTenant(row.tenantId, tenantId, 'check entry') &&
        this.isEntry(row, entry) &&
        !this.isId(row.customerId, customerId),
    );
  }

  protected apply(change: Change): Promise<void> | undefined {
    this.applyToProfile(change);
    this.removeEntries(change);
    this.addEntries(change);
    return undefined;
  }

  protected applyToProfile(change: Change): void {
    const { tenantId, customerId } = change;
    if (change.kind === 'create') {
      const { segment, attributes, extensions, at } = change;
      const times = { createdAt: at, updatedAt: at };
      const profile = { customerId, revision: 1, segment, attributes, extensions, ...times };
      this.profiles = [...this.profiles, { tenantId, profile }];
    } else if (change.kind === 'update') {
      this.profiles = this.profiles.map((row) =>
        this.isProfile(row, tenantId, customerId, 'update')
          ? { ...row, profile: this.updated(row.profile, change) }
          : row,
      );
    } else if (change.kind === 'delete') {
      this.profiles = this.profiles.filter((row) => !this.isProfile(row, tenantId, customerId, 'delete'));
    }
  }

  protected updated(current: StoredProfile, change: UpdateChange): StoredProfile {
    return {
      ...current,
      revision: current.revision + 1,
      segment: change.segment ?? current.segment,
      attributes: change.attributes,
      extensions: change.extensions ?? current.extensions,
      updatedAt: change.at,
    };
  }

  protected removeEntries(change: Change): void {
    if (change.kind === 'create' || change.kind === 'index') return;
    const { tenantId, customerId, removeEntries } = change;
    const candidates = this.usesDefaultComparisons() ? this.index.ofCustomer(this.entries, customerId) : this.entries;
    const removed = new Set(
      [...candidates].filter(
        (row) =>
          this.isTenant(row.tenantId, tenantId, 'remove entry') &&
          this.isId(row.customerId, customerId) &&
          removeEntries.some((entry) => this.isEntry(row, entry)),
      ),
    );
    if (removed.size === 0) return;
    const left = this.entries.filter((row) => !removed.has(row));
    this.index.follow(this.entries, left, { removed: [...removed] });
    this.entries = left;
  }

  protected addEntries(change: Change): void {
    if (change.kind === 'delete') return;
    const { tenantId, customerId } = change;
    const names = this.usesDefaultComparisons()
      ? new Set([...this.index.ofCustomer(this.entries, customerId)].map(nameOf))
      : undefined;
    const rows = [...this.entries];
    const added: EntryRow[] = [];
    for (const entry of change.addEntries) {
      const row = { ...entry, tenantId, customerId };
      const exists = names?.has(nameOf(row)) ?? rows.some((one) => this.isEntryOf(one, entry, change));
      if (exists) continue;
      rows.push(row);
      added.push(row);
      names?.add(nameOf(row));
    }
    this.index.follow(this.entries, rows, { added });
    this.entries = rows;
  }

  /**
   * Whether no fault overrides a comparison. Then entries can be looked up by name; comparing thousands of them one by one
   * would take minutes.
   */
  private usesDefaultComparisons(): boolean {
    const { isEntryOf, isTenant, isId, isKey, isEntry } = TableRepository.prototype;
    const isDefault = this.isTenant === isTenant && this.isId === isId && this.isKey === isKey;
    return isDefault && this.isEntry === isEntry && this.isEntryOf === isEntryOf;
  }

  protected entriesToDrop(tenantId: string, key: string, limit: number): readonly EntryRow[] {
    return this.entries.filter((row) => this.isToDrop(row, tenantId, key)).slice(0, limit);
  }

  protected isToDrop(row: EntryRow, tenantId: string, key: string): boolean {
    return this.isTenant(row.tenantId, tenantId, 'drop entries') && this.isKey(row.key, key);
  }

  protected without(rows: readonly EntryRow[]): readonly EntryRow[] {
    const gone = new Set(rows);
    return this.entries.filter((row) => !gone.has(row));
  }

  protected isEntryOf(row: EntryRow, entry: IndexEntry, { tenantId, customerId }: Change): boolean {
    return (
      this.isTenant(row.tenantId, tenantId, 'add entry') &&
      this.isId(row.customerId, customerId) &&
      this.isEntry(row, entry)
    );
  }

  protected isTenant(stored: string, tenantId: string, _statement: Statement): boolean {
    return stored === tenantId;
  }

  protected isId(stored: string, customerId: string): boolean {
    return stored === customerId;
  }

  protected isKey(stored: string, key: string): boolean {
    return stored === key;
  }

  protected isEntry(row: EntryRow, entry: Pick<IndexEntry, 'key' | 'digest'>): boolean {
    return this.isKey(row.key, entry.key) && row.digest === entry.digest;
  }

  protected isExpectedVersion(version: number, expected: number): boolean {
    return version === expected;
  }

  protected isProfile(row: ProfileRow, tenantId: string, customerId: string, statement: Statement): boolean {
    return this.isTenant(row.tenantId, tenantId, statement) && this.isId(row.profile.customerId, customerId);
  }

  protected schemaOf(tenantId: string, statement: Statement): SchemaRow | undefined {
    return this.schemas.find((row) => this.isTenant(row.tenantId, tenantId, statement));
  }

  protected inOrder(rows: readonly ProfileRow[]): StoredProfile[] {
    return rows.map((row) => row.profile).sort((a, b) => (a.customerId < b.customerId ? -1 : 1));
  }

  protected inFoundOrder(rows: readonly ProfileRow[]): StoredProfile[] {
    return this.inOrder(rows);
  }

  private pageResult(all: readonly StoredProfile[], request: PageRequest, extensions: boolean): ProfilePage {
    const page = this.pageOf(all, request);
    const profiles = page.map((profile) => this.toResult(profile, extensions));
    return { profiles, more: this.isMore(all, page, request) };
  }

  protected pageOf(profiles: readonly StoredProfile[], { after, limit }: PageRequest): StoredProfile[] {
    return profiles.filter((profile) => after === undefined || profile.customerId > after).slice(0, limit);
  }

  protected isMore(all: readonly StoredProfile[], page: readonly StoredProfile[], _request: PageRequest): boolean {
    const last = page.at(-1)?.customerId;
    return last !== undefined && all.some((profile) => profile.customerId > last);
  }

  protected toResult({ extensions, ...profile }: StoredProfile, withExtensions: boolean): StoredProfile {
    return this.copyOut(withExtensions ? { ...profile, extensions } : profile);
  }

  protected copyIn<T>(value: T): T {
    return structuredClone(value);
  }

  protected copyOut<T>(value: T): T {
    return structuredClone(value);
  }

  protected snapshot(): Pick<TableSnapshot, 'profiles' | 'entries'> {
    return { profiles: this.profiles, entries: this.entries };
  }

  protected restore({ profiles, entries }: TableSnapshot): void {
    this.profiles = profiles;
    this.entries = entries;
  }
}

const nameOf = ({ tenantId, key, digest, customerId }: EntryRow) => [tenantId, key, digest, customerId].join(' ');

interface TableSnapshot {
  readonly profiles: readonly ProfileRow[];
  readonly entries: readonly EntryRow[];
}
