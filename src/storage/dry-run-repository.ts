import type { ErasureRequest, ErasureResult, Lineage } from './erasure.js';
import type {
  Change,
  CommitResult,
  CreateChange,
  DeleteChange,
  ProfileRepository,
  StoredProfile,
  UpdateChange,
} from './profile-repository.js';

/** What a commit would have changed of one profile. `undefined`: there is none. */
export interface RehearsedChange {
  readonly tenantId: string;
  readonly customerId: string;
  readonly before: StoredProfile | undefined;
  readonly after: StoredProfile | undefined;
}

/** How many changes are kept, since an import may make any number. */
const MAX_REHEARSED = 100;

/**
 * Reads from a repository, and commits nothing: a commit is answered as the repository would answer it now, and what it
 * would have changed is kept. Each commit is answered by what is stored, without the ones before it.
 */
export class DryRunRepository implements ProfileRepository {
  readonly capabilities: ProfileRepository['capabilities'];
  /** The first {@link MAX_REHEARSED} changes. */
  readonly rehearsed: RehearsedChange[] = [];
  /** Those of the latest commit. */
  #latest: readonly RehearsedChange[] = [];
  readonly #repository: ProfileRepository;

  constructor(repository: ProfileRepository) {
    this.#repository = repository;
    this.capabilities = repository.capabilities;
  }

  async commit(tenantId: string, changes: readonly Change[]): Promise<CommitResult> {
    const rehearsed: RehearsedChange[] = [];
    const revisions: number[] = [];
    for (const [index, change] of changes.entries()) {
      const { customerId } = change;
      const loaded = await this.#repository.load(tenantId, customerId, { extensions: true });
      const { schemaVersion, profile: before } = loaded;
      if (schemaVersion !== change.schemaVersion) return { outcome: 'schema_changed', schemaVersion };
      if (change.kind === 'create') {
        if (before) return { outcome: 'id_taken', index };
        const receipt = (await this.lineage(tenantId, customerId))?.receipt;
        if (receipt && receipt.erasure !== change.afterErasure) return { outcome: 'erased', index };
      } else if (before?.revision !== change.expectedRevision || before.createdAt !== change.createdAt) {
        return { outcome: 'revision_changed', index, revision: before?.revision };
      }
      const key = change.kind === 'delete' ? undefined : await this.#takenKey(tenantId, change, changes);
      if (key !== undefined) return { outcome: 'entry_taken', index, key };
      const revision = await this.#nextRevision(tenantId, change, before);
      revisions.push(revision);
      if (change.kind === 'index') continue;
      rehearsed.push({ tenantId, customerId, before, after: stateAfter(change, before, revision) });
    }
    this.#latest = rehearsed;
    this.rehearsed.push(...rehearsed.slice(0, MAX_REHEARSED - this.rehearsed.length));
    return { outcome: 'committed', revisions };
  }

  /** What the latest commit would have changed of a profile. Told once: what changes nothing is not committed. */
  takeLatest(tenantId: string, customerId: string): RehearsedChange | undefined {
    const found = this.#latest.find((change) => change.tenantId === tenantId && change.customerId === customerId);
    this.#latest = [];
    return found;
  }

  load(...call: Parameters<ProfileRepository['load']>) {
    return this.#repository.load(...call);
  }

  find(...call: Parameters<ProfileRepository['find']>) {
    return this.#repository.find(...call);
  }

  page(...call: Parameters<ProfileRepository['page']>) {
    return this.#repository.page(...call);
  }

  loadSchema(...call: Parameters<ProfileRepository['loadSchema']>) {
    return this.#repository.loadSchema(...call);
  }

  async history(...call: Parameters<NonNullable<ProfileRepository['history']>>) {
    return (await this.#repository.history?.(...call)) ?? { states: [], more: false };
  }

  async lineage(tenantId: string, customerId: string): Promise<Lineage | undefined> {
    return this.capabilities?.erasure ? this.#repository.lineage?.(tenantId, customerId) : undefined;
  }

  async erase(tenantId: string, request: ErasureRequest): Promise<ErasureResult> {
    const result = await this.#repository.erase?.(tenantId, { ...request, dryRun: true });
    return result ?? { outcome: 'changed' };
  }

  async loadServerMode() {
    return this.#repository.loadServerMode?.();
  }

  ping() {
    return this.#repository.ping();
  }

  commitSchema(): never {
    throw new Error('A dry run changes no schema.');
  }

  dropEntries(): never {
    throw new Error('A dry run drops no entries.');
  }

  storeServerMode(): never {
    throw new Error('A dry run stores no mode.');
  }

  /** The key of an entry that another profile holds, unless the same commit takes it from that profile. */
  async #takenKey(
    tenantId: string,
    { customerId, addEntries }: Exclude<Change, DeleteChange>,
    changes: readonly Change[],
  ): Promise<string | undefined> {
    for (const entry of addEntries) {
      if (!entry.unique) continue;
      const { profiles } = await this.#repository.find(tenantId, entry, { limit: 1, extensions: false });
      const holder = profiles.find((profile) => profile.customerId !== customerId);
      const releasing = changes.find((change) => change.customerId === holder?.customerId);
      const isReleased =
        releasing !== undefined &&
        'removeEntries' in releasing &&
        releasing.removeEntries.some(({ key, digest }) => key === entry.key && digest === entry.digest);
      if (holder !== undefined && !isReleased) return entry.key;
    }
    return undefined;
  }

  async #nextRevision(tenantId: string, change: Change, before: StoredProfile | undefined): Promise<number> {
    if (before !== undefined) return before.revision + (change.kind === 'index' ? 0 : 1);
    const { states } = await this.history(tenantId, change.customerId, { limit: 1 });
    return (states[0]?.revision ?? 0) + 1;
  }
}

function stateAfter(
  change: CreateChange | UpdateChange | DeleteChange,
  before: StoredProfile | undefined,
  revision: number,
): StoredProfile | undefined {
  if (change.kind === 'delete') return undefined;
  const { customerId, segment, attributes, extensions = before?.extensions, residual, at } = change;
  const createdAt = before?.createdAt ?? at;
  return { customerId, revision, segment, attributes, extensions, residual, createdAt, updatedAt: at };
}
