import type {
  Change,
  ChangesPage,
  ChangesRequest,
  CommitOptions,
  CommitResult,
  DeleteChange,
  ErasureReceipt,
  ErasureRequest,
  ErasureResult,
  Found,
  HistoryPage,
  HistoryRequest,
  IndexEntry,
  Lineage,
  Loaded,
  MergedAway,
  PageRequest,
  ProfilePage,
  ProfileRepository,
  PruneChangesRequest,
  PruneRequest,
  PruneResult,
  RepositoryCapabilities,
  SchemaChange,
  SchemaCommitResult,
  ServerMode,
  StateMetadata,
  StoredLine,
  StoredProfile,
  StoredSchema,
  StoredState,
  UpdateChange,
} from 'dossier/storage';
import { copyDocument } from '../../adapters/memory/copy-document.js';
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
  | 'replace schema'
  | 'check deletion'
  | 'replace deletion'
  | 'present state'
  | 'former states'
  | 'prune ids'
  | 'prune states'
  | 'lines'
  | 'prune lines'
  | 'lineage'
  | 'merged'
  | 'check target'
  | 'erase states'
  | 'erase entries'
  | 'redact lines'
  | 'read receipt';

/** A change with the arguments of its commit. */
export type TableChange = Change & CommitOptions & { readonly tenantId: string };

export type TableUpdate = Extract<TableChange, { kind: 'update' }>;

export interface ProfileRow {
  readonly tenantId: string;
  readonly profile: StoredProfile;
  readonly metadata: StateMetadata;
}

/** A former state, or a deletion that is kept. */
export interface StateRow {
  readonly tenantId: string;
  readonly state: StoredState;
  /** Of a deletion that is kept: the creation timestamp of its profile, and by which erasure its customer id is erased. */
  readonly createdAt?: string | undefined;
  readonly erasure?: string | undefined;
}

/** A receipt of an erasure. */
export interface ReceiptRow {
  readonly tenantId: string;
  readonly receipt: ErasureReceipt;
}

type ErasedCounts = ErasureReceipt['removed'];

export interface FormerStateRow extends StateRow {
  /** The timestamp of the change that replaced the state. */
  readonly replacedAt: string;
}

/** A line, without its positions until a reader has seen it. */
export interface LineRow {
  readonly line: Omit<StoredLine, 'position'>;
  readonly position?: number;
  readonly overall?: number;
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
 * A correct repository, as simple as a database without indexes: a few tables, searched linearly. Each step is a separate
 * method, so that a fault can override just one.
 */
export class TableRepository implements ProfileRepository {
  readonly capabilities: RepositoryCapabilities = { history: true, changes: true, erasure: true, serverMode: true };

  protected profiles: readonly ProfileRow[] = [];
  protected deletions: readonly StateRow[] = [];
  protected formerStates: readonly FormerStateRow[] = [];
  protected lines: readonly LineRow[] = [];
  protected removedLines: readonly LineRow[] = [];
  protected entries: readonly EntryRow[] = [];
  protected receipts: readonly ReceiptRow[] = [];
  protected schemas: readonly SchemaRow[] = [];
  protected serverMode: ServerMode | undefined;
  // Not #index: tests look at a store through a Proxy, which reaches no private field.
  private readonly index = new EntryIndex();

  async load(tenantId: string, customerId: string, { extensions }: { readonly extensions: boolean }): Promise<Loaded> {
    const row = this.profiles.find((candidate) => this.isProfile(candidate, tenantId, customerId, 'load'));
    return {
      schemaVersion: this.schemaOf(tenantId, 'check schema')?.version,
      profile: row === undefined ? undefined : this.toResult(row.profile, extensions),
    };
  }

  async commit(tenantId: string, changes: readonly Change[], options: CommitOptions): Promise<CommitResult> {
    const { history, changes: leavesLines } = options;
    return this.commitChanges(changes.map((change) => ({ ...change, tenantId, history, changes: leavesLines })));
  }

  protected async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
    const copies = this.copyIn(changes);
    const moved = this.schemaConflict(copies);
    if (moved !== undefined) return moved;
    const before = this.snapshot();
    const revisions: number[] = [];
    for (const [index, change] of copies.entries()) {
      const conflict = this.conflict(change, index);
      if (conflict !== undefined) {
        this.restore(before);
        return conflict;
      }
      // A correct step is synchronous. A fault may return a promise, and other calls then run in between.
      const delay = this.apply(change);
      if (delay !== undefined) await delay;
      revisions.push(this.revisionAfter(change));
      this.leaveLine(change);
    }
    return { outcome: 'committed', revisions };
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

  async commitSchema(tenantId: string, change: SchemaChange): Promise<SchemaCommitResult> {
    const { expectedVersion, schema } = this.copyIn(change);
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

  async history(tenantId: string, customerId: string, request: HistoryRequest): Promise<HistoryPage> {
    const { before = Number.POSITIVE_INFINITY, limit } = request;
    const all = this.statesOf(tenantId, customerId).filter((state) => state.revision < before);
    const states = this.statePageOf(all, limit);
    return {
      schemaVersion: this.schemaOf(tenantId, 'check schema')?.version,
      states: states.map((state) => this.toStateResult(state)),
      more: states.length < all.length,
    };
  }

  async prune(tenantId: string, request: PruneRequest): Promise<PruneResult> {
    const { limit } = request;
    const customerIds = this.idsToPrune(tenantId, request);
    const batch = customerIds.slice(0, limit);
    const removed = new Set(batch.flatMap((customerId) => this.statesToPrune(tenantId, customerId, request)));
    this.formerStates = this.formerStates.filter((row) => !removed.has(row));
    return { removed: removed.size, next: batch.length < customerIds.length ? batch.at(-1) : undefined };
  }

  async changes(tenantId: string | undefined, { after, limit }: ChangesRequest): Promise<ChangesPage> {
    this.numberLines();
    const positionOf = (row: LineRow) => (tenantId === undefined ? row.overall : row.position) ?? 0;
    const isRead = ({ line }: LineRow) => tenantId === undefined || this.isTenant(line.tenantId, tenantId, 'lines');
    const removed = Math.max(0, ...this.removedLines.filter(isRead).map(positionOf));
    const rows = this.lines.filter(isRead).sort((a, b) => positionOf(a) - positionOf(b));
    const all = rows.filter((row) => this.isAfter(positionOf(row), after ?? removed));
    const lines = all.slice(0, limit).map((row) => ({ ...this.copyOut(row.line), position: positionOf(row) }));
    const newest = Math.max(removed, ...rows.map(positionOf));
    return { lines, more: lines.length < all.length, newest, removed };
  }

  async pruneChanges(tenantId: string, request: PruneChangesRequest): Promise<number> {
    this.numberLines();
    const rows = this.lines.filter(({ line }) => this.isTenant(line.tenantId, tenantId, 'prune lines'));
    rows.sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
    const removed = this.linesToPrune(rows, request);
    this.removedLines = [...this.removedLines, ...removed];
    this.lines = this.lines.filter((row) => !removed.includes(row));
    return removed.length;
  }

  async lineage(tenantId: string, customerId: string): Promise<Lineage | undefined> {
    const row = this.profiles.find((one) => this.isProfile(one, tenantId, customerId, 'lineage'));
    const deletion = this.deletions.find((one) => this.isState(one, tenantId, customerId, 'lineage'));
    const merged = this.mergedInto(tenantId, customerId);
    if (row !== undefined) {
      const { revision, createdAt, updatedAt } = row.profile;
      return { customerId, revision, createdAt, updatedAt, exists: true, merged };
    }
    if (deletion === undefined) return undefined;
    const { revision, at: updatedAt, metadata } = deletion.state;
    const mergedInto = metadata?.operation === 'merge' ? metadata.counterpart : undefined;
    const token = { customerId, revision, createdAt: deletion.createdAt ?? '', updatedAt, exists: false };
    return this.copyOut({ ...token, mergedInto, receipt: this.receiptOf(tenantId, deletion), merged });
  }

  async erase(tenantId: string, request: ErasureRequest): Promise<ErasureResult> {
    return this.eraseTargets(tenantId, this.copyIn(request));
  }

  protected async eraseTargets(tenantId: string, request: ErasureRequest): Promise<ErasureResult> {
    const { receipt, targets, formerStates, line, dryRun } = request;
    const isMet = targets.every((target) => this.isTarget(tenantId, target));
    if (!isMet) return { outcome: 'changed' };
    const before = this.snapshot();
    const removed = { profiles: 0, states: 0, entries: 0 };
    for (const target of targets) {
      removed.profiles += this.eraseProfile(tenantId, target, receipt);
      removed.states += this.eraseStates(tenantId, target.customerId, Number.POSITIVE_INFINITY);
      removed.entries += this.eraseEntries(tenantId, target.customerId);
      this.redactLines(tenantId, target.customerId, Number.POSITIVE_INFINITY);
      if (line) this.leaveErasureLine(tenantId, target, receipt, line);
    }
    for (const { customerId, through } of formerStates) {
      removed.states += this.eraseStates(tenantId, customerId, through);
      this.redactLines(tenantId, customerId, through);
    }
    this.keepReceipt(tenantId, { ...receipt, removed: this.counted(removed, request) });
    if (dryRun) this.restore(before);
    return { outcome: 'erased', removed: this.counted(removed, request) };
  }

  async ping(): Promise<void> {}

  readonly #oneTransaction = createMutex();

  async loadServerMode(): Promise<ServerMode | undefined> {
    return this.serverMode;
  }

  async storeServerMode(mode: ServerMode): Promise<void> {
    this.serverMode = mode;
  }

  /** Runs work like a transaction of a host, one at a time. Nothing else may run at the same time. */
  transaction(work: (repository: ProfileRepository) => Promise<'commit' | 'rollback'>): Promise<void> {
    return this.#oneTransaction(async () => {
      const before = this.snapshot();
      const { schemas, serverMode } = this;
      if ((await work(this)) === 'commit') return;
      this.restore(before);
      Object.assign(this, { schemas, serverMode });
    });
  }

  protected mergedInto(tenantId: string, customerId: string): MergedAway[] {
    const rows = [...this.deletions, ...this.formerStates].filter((row) => {
      return this.isTenant(row.tenantId, tenantId, 'merged') && this.isMergeInto(row, customerId);
    });
    return rows.map(({ state }) => ({ customerId: state.customerId, revision: state.revision, at: state.at }));
  }

  /** Whether a row is the deletion that such a merge made, and was not taken back. */
  protected isMergeInto({ tenantId, state }: StateRow, customerId: string): boolean {
    const { operation, counterpart } = state.metadata ?? {};
    if (operation !== 'merge' || counterpart !== customerId || state.profile !== undefined) return false;
    const next = this.statesOf(tenantId, state.customerId).find(({ revision }) => revision === state.revision + 1);
    return next?.metadata?.operation !== 'unmerge' && next?.metadata?.operation !== 'restore';
  }

  protected isTarget(tenantId: string, target: ErasureRequest['targets'][number]): boolean {
    const { customerId, exists, expectedRevision, createdAt } = target;
    const profile = this.profiles.find((row) => this.isProfile(row, tenantId, customerId, 'check target'))?.profile;
    const deletion = this.deletions.find((row) => this.isState(row, tenantId, customerId, 'check target'));
    const kept = exists ? profile : deletion && { ...deletion, revision: deletion.state.revision };
    return kept?.revision === expectedRevision && kept.createdAt === createdAt;
  }

  /** Turns the row of a customer id into an erased one. @returns how many profiles were removed */
  protected eraseProfile(
    tenantId: string,
    { customerId, expectedRevision, createdAt, at }: ErasureRequest['targets'][number],
    { erasure, actor, reason }: ErasureRequest['receipt'],
  ): number {
    const profiles = this.profiles.filter((row) => !this.isProfile(row, tenantId, customerId, 'delete'));
    const count = this.profiles.length - profiles.length;
    this.profiles = profiles;
    const metadata = { operation: 'erase', actor, reason } as const;
    const state = { customerId, revision: expectedRevision + 1, at, metadata };
    const others = this.deletions.filter((row) => !this.isState(row, tenantId, customerId, 'replace deletion'));
    this.deletions = [...others, { tenantId, state, createdAt, erasure }];
    return count;
  }

  /** @returns how many were removed */
  protected eraseStates(tenantId: string, customerId: string, through: number): number {
    const left = this.formerStates.filter((row) => {
      return !this.isState(row, tenantId, customerId, 'erase states') || row.state.revision > through;
    });
    const count = this.formerStates.length - left.length;
    this.formerStates = left;
    return count;
  }

  /** @returns how many were removed */
  protected eraseEntries(tenantId: string, customerId: string): number {
    const erased = this.entries.filter((row) => {
      return this.isTenant(row.tenantId, tenantId, 'erase entries') && this.isId(row.customerId, customerId);
    });
    this.entries = this.without(erased);
    return erased.length;
  }

  protected redactLines(tenantId: string, customerId: string, through: number): void {
    this.lines = this.lines.map((row) => {
      const { line } = row;
      const isOf = this.isTenant(line.tenantId, tenantId, 'redact lines') && this.isId(line.customerId, customerId);
      return isOf && line.revision <= through ? { ...row, line: this.redacted(line) } : row;
    });
  }

  protected redacted({ origin: _, changed: __, metadata, ...line }: LineRow['line']): LineRow['line'] {
    return { ...line, metadata: { operation: metadata.operation } };
  }

  protected leaveErasureLine(
    tenantId: string,
    { customerId, expectedRevision, at }: ErasureRequest['targets'][number],
    { actor, reason }: ErasureRequest['receipt'],
    content: NonNullable<ErasureRequest['line']>,
  ): void {
    const metadata = { operation: 'erase', actor, reason } as const;
    const line = { tenantId, customerId, revision: expectedRevision + 1, at, metadata, deleted: true, ...content };
    this.lines = [...this.lines, { line }];
  }

  protected keepReceipt(tenantId: string, receipt: ErasureReceipt): void {
    this.receipts = [...this.receipts, { tenantId, receipt }];
  }

  /** What the receipt and the result say that was removed. */
  protected counted(removed: ErasedCounts, _request: ErasureRequest): ErasedCounts {
    return removed;
  }

  protected receiptOf(tenantId: string, { erasure }: StateRow): ErasureReceipt | undefined {
    const row = this.receipts.find((one) => {
      return this.isTenant(one.tenantId, tenantId, 'read receipt') && one.receipt.erasure === erasure;
    });
    return row?.receipt;
  }

  /** Another repository with the same tables, but for the former states and the lines. */
  copyWithoutFormerStates(): TableRepository {
    const { profiles, deletions, entries, receipts, schemas, serverMode } = this;
    return Object.assign(new TableRepository(), { profiles, deletions, entries, receipts, schemas, serverMode });
  }

  /** Another repository with the same tables, but for the mode of the server. */
  copyWithoutServerMode(): TableRepository {
    const { profiles, deletions, formerStates, lines, removedLines, entries, receipts, schemas } = this;
    const others = { lines, removedLines, entries, receipts, schemas };
    return Object.assign(new TableRepository(), { profiles, deletions, formerStates, ...others });
  }

  protected schemaConflict(changes: readonly TableChange[]): CommitResult | undefined {
    for (const change of changes) {
      const schemaVersion = this.schemaOf(change.tenantId, 'check schema')?.version;
      if (change.schemaVersion !== schemaVersion) return { outcome: 'schema_changed', schemaVersion };
    }
    return undefined;
  }

  protected conflict(change: TableChange, index: number): CommitResult | undefined {
    return this.profileConflict(change, index) ?? this.entryConflict(change, index);
  }

  protected profileConflict(change: TableChange, index: number): CommitResult | undefined {
    const { tenantId, customerId } = change;
    const row = this.profiles.find((candidate) => this.isProfile(candidate, tenantId, customerId, 'check revision'));
    const revision = row?.profile.revision;
    if (change.kind === 'create' && revision === undefined) return this.erasureConflict(change, index);
    if (change.kind === 'create') return { outcome: 'id_taken', index };
    const isCurrent = revision === change.expectedRevision && row?.profile.createdAt === change.createdAt;
    return isCurrent ? undefined : { outcome: 'revision_changed', index, revision };
  }

  protected erasureConflict(change: Extract<TableChange, { kind: 'create' }>, index: number): CommitResult | undefined {
    const erasure = this.deletionOf(change)?.erasure;
    return erasure === undefined || erasure === change.afterErasure ? undefined : { outcome: 'erased', index };
  }

  protected entryConflict(change: TableChange, index: number): CommitResult | undefined {
    if (change.kind === 'delete') return undefined;
    const taken = change.addEntries.find((entry) => entry.unique && this.isTaken(entry, change));
    return taken === undefined ? undefined : { outcome: 'entry_taken', index, key: taken.key };
  }

  protected isTaken(entry: IndexEntry, { tenantId, customerId }: TableChange): boolean {
    const candidates = this.usesDefaultComparisons() ? this.index.withDigest(this.entries, entry.digest) : this.entries;
    return [...candidates].some(
      (row) =>
        this.isTenant(row.tenantId, tenantId, 'check entry') &&
        this.isEntry(row, entry) &&
        !this.isId(row.customerId, customerId),
    );
  }

  protected apply(change: TableChange): Promise<void> | undefined {
    this.keepReplaced(change);
    this.applyToProfile(change);
    this.removeEntries(change);
    this.addEntries(change);
    return undefined;
  }

  /** Keeps the state that a change replaces, which for a creation is a deletion, if any. */
  protected keepReplaced(change: TableChange): void {
    if (change.kind === 'index' || !change.history) return;
    const row = this.profiles.find((one) => this.isProfile(one, change.tenantId, change.customerId, 'present state'));
    const replaced = row === undefined ? this.deletionOf(change)?.state : this.stateOf(row);
    if (replaced !== undefined) this.keep(replaced, change);
  }

  protected keep(state: StoredState, { tenantId, at }: Exclude<TableChange, { kind: 'index' }>): void {
    this.formerStates = [...this.formerStates, { tenantId, state, replacedAt: at }];
  }

  protected applyToProfile(change: TableChange): void {
    const { tenantId, customerId } = change;
    if (change.kind === 'create') {
      const { segment, attributes, extensions, residual, at, metadata } = change;
      const revision = this.firstRevision(change);
      const [updatedAt = at] = [at, this.deletionOf(change)?.state.at ?? at].sort().reverse();
      const times = { createdAt: at, updatedAt };
      const profile = { customerId, revision, segment, attributes, extensions, residual, ...times };
      this.profiles = [...this.profiles, { tenantId, profile, metadata }];
      this.forgetDeletion(change);
    } else if (change.kind === 'update') {
      this.profiles = this.profiles.map((row) =>
        this.isProfile(row, tenantId, customerId, 'update')
          ? { ...row, profile: this.updated(row.profile, change), metadata: change.metadata }
          : row,
      );
    } else if (change.kind === 'delete') {
      this.profiles = this.profiles.filter((row) => !this.isProfile(row, tenantId, customerId, 'delete'));
      if (this.keepsDeletion(change)) this.keepDeletion(change);
    }
  }

  /** The revision of a creation: it goes on after a deletion that is kept. */
  protected firstRevision(change: TableChange): number {
    return (this.deletionOf(change)?.state.revision ?? 0) + 1;
  }

  protected keepsDeletion({ tenantId, customerId, history, changes }: TableChange): boolean {
    const isLine = ({ line }: LineRow) =>
      this.isTenant(line.tenantId, tenantId, 'check deletion') && this.isId(line.customerId, customerId);
    if (changes || this.lines.some(isLine)) return true;
    return history || this.formerStatesOf(tenantId, customerId, 'check deletion').length > 0;
  }

  protected keepDeletion(change: DeleteChange & TableChange): void {
    const { tenantId, customerId, expectedRevision, createdAt, at, metadata } = change;
    const state = { customerId, revision: expectedRevision + 1, at, metadata };
    this.deletions = [...this.deletions, { tenantId, state, createdAt }];
  }

  protected forgetDeletion({ tenantId, customerId }: TableChange): void {
    this.deletions = this.deletions.filter((row) => !this.isState(row, tenantId, customerId, 'replace deletion'));
  }

  protected deletionOf({ tenantId, customerId }: TableChange): StateRow | undefined {
    return this.deletions.find((row) => this.isState(row, tenantId, customerId, 'check deletion'));
  }

  /** The revision of the profile of a change that was applied. */
  protected revisionAfter(change: TableChange): number {
    if (change.kind === 'delete') return change.expectedRevision + 1;
    const { tenantId, customerId } = change;
    const row = this.profiles.find((one) => this.isProfile(one, tenantId, customerId, 'check revision'));
    return row?.profile.revision ?? 0;
  }

  protected updated(current: StoredProfile, change: UpdateChange): StoredProfile {
    return {
      ...current,
      revision: current.revision + 1,
      segment: change.segment,
      attributes: change.attributes,
      extensions: change.extensions ?? current.extensions,
      residual: change.residual,
      updatedAt: change.at,
    };
  }

  protected leaveLine(change: TableChange): void {
    if (change.kind === 'index' || !change.changes || change.line === undefined) return;
    const { tenantId, customerId, metadata, at, line, kind } = change;
    const revision = this.revisionAfter(change);
    const row = { tenantId, customerId, revision, at, metadata, deleted: kind === 'delete', ...line };
    this.lines = [...this.lines, { line: row }];
  }

  /** Gives the lines that nobody has seen the next positions. */
  protected numberLines(): void {
    const known = [...this.lines, ...this.removedLines];
    let overall = Math.max(0, ...known.map((row) => row.overall ?? 0));
    const newest = new Map<string, number>();
    for (const { line, position = 0 } of known) {
      newest.set(line.tenantId, Math.max(newest.get(line.tenantId) ?? 0, position));
    }
    const pending = this.inPositionOrder(this.lines.filter(({ position }) => position === undefined));
    const numbered = new Map(
      pending.map((row) => {
        const position = (newest.get(row.line.tenantId) ?? 0) + 1;
        newest.set(row.line.tenantId, position);
        overall += 1;
        return [row, { ...row, position, overall }];
      }),
    );
    this.lines = this.lines.map((row) => numbered.get(row) ?? row);
  }

  protected inPositionOrder(rows: readonly LineRow[]): readonly LineRow[] {
    return rows;
  }

  protected isAfter(position: number, after: number): boolean {
    return position > after;
  }

  /** @param rows by position */
  protected linesToPrune(rows: readonly LineRow[], { before, limit }: PruneChangesRequest): readonly LineRow[] {
    const kept = rows.findIndex(({ line }) => line.at >= before);
    return rows.slice(0, Math.min(limit, kept < 0 ? rows.length : kept));
  }

  protected removeEntries(change: TableChange): void {
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

  protected addEntries(change: TableChange): void {
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

  protected isEntryOf(row: EntryRow, entry: IndexEntry, { tenantId, customerId }: TableChange): boolean {
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

  /** All states of a customer id, the newest first. */
  protected statesOf(tenantId: string, customerId: string): StoredState[] {
    const present = this.profiles.filter((row) => this.isProfile(row, tenantId, customerId, 'present state'));
    const deletions = this.deletions.filter((row) => this.isState(row, tenantId, customerId, 'present state'));
    const former = this.formerStatesOf(tenantId, customerId, 'former states');
    return [...present.map((row) => this.stateOf(row)), ...[...deletions, ...former].map((row) => row.state)];
  }

  /** The newest first. */
  protected formerStatesOf(tenantId: string, customerId: string, statement: Statement): FormerStateRow[] {
    const rows = this.formerStates.filter((row) => this.isState(row, tenantId, customerId, statement));
    return rows.sort((a, b) => b.state.revision - a.state.revision);
  }

  protected stateOf({ profile, metadata }: ProfileRow): StoredState {
    const { customerId, revision, updatedAt } = profile;
    return { customerId, revision, at: updatedAt, metadata, profile };
  }

  protected statePageOf(states: readonly StoredState[], limit: number): StoredState[] {
    return states.slice(0, limit);
  }

  protected toStateResult(state: StoredState): StoredState {
    return this.copyOut(state);
  }

  /** The customer ids that have former states, in byte order. */
  protected idsToPrune(tenantId: string, { after = '' }: PruneRequest): string[] {
    const rows = this.formerStates.filter((row) => this.isTenant(row.tenantId, tenantId, 'prune ids'));
    return [...new Set(rows.map((row) => row.state.customerId))].filter((id) => id > after).sort();
  }

  protected statesToPrune(tenantId: string, customerId: string, request: PruneRequest): FormerStateRow[] {
    return this.formerStatesOf(tenantId, customerId, 'prune states').filter((row, position) =>
      this.isToPrune(row, position, request),
    );
  }

  /** @param position 0 for the newest former state */
  protected isToPrune(row: FormerStateRow, position: number, { keep, replacedBefore }: PruneRequest): boolean {
    return (
      (keep !== undefined && position >= keep) || (replacedBefore !== undefined && row.replacedAt < replacedBefore)
    );
  }

  protected isState(row: StateRow, tenantId: string, customerId: string, statement: Statement): boolean {
    return this.isTenant(row.tenantId, tenantId, statement) && this.isId(row.state.customerId, customerId);
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
    return copyDocument(value);
  }

  protected copyOut<T>(value: T): T {
    return copyDocument(value);
  }

  protected snapshot(): TableSnapshot {
    const { profiles, deletions, formerStates, lines, entries, receipts } = this;
    return { profiles, deletions, formerStates, lines, entries, receipts };
  }

  protected restore(snapshot: TableSnapshot): void {
    Object.assign(this, snapshot);
  }
}

const nameOf = ({ tenantId, key, digest, customerId }: EntryRow) => [tenantId, key, digest, customerId].join(' ');

interface TableSnapshot {
  readonly profiles: readonly ProfileRow[];
  readonly deletions: readonly StateRow[];
  readonly formerStates: readonly FormerStateRow[];
  readonly lines: readonly LineRow[];
  readonly entries: readonly EntryRow[];
  readonly receipts: readonly ReceiptRow[];
}
