import { isDeepStrictEqual } from 'node:util';
import type {
  CommitOptions,
  MemberNames,
  ReplaceChange,
  ReplaceResult,
  StateToken,
  StoredProfile,
} from 'dossier/storage';
import { type ProfileRow, type TableChange, TableRepository } from './table-repository.js';

/** A replacement with the arguments of its call. */
export type TableReplacement = ReplaceChange & CommitOptions & { readonly tenantId: string };

/** The schema versions by which the documents of a profile are canonical. */
interface Versions {
  readonly attributes?: number | undefined;
  readonly extensions?: number | undefined;
}

/** A {@link TableRepository} that replaces profiles unseen as well. */
export class ReplacingTableRepository extends TableRepository {
  override readonly capabilities = { history: true, replace: true, changes: true, erasure: true, serverMode: true };
  protected versions: ReadonlyMap<string, Versions> = new Map();

  async replace(tenantId: string, change: ReplaceChange, options: CommitOptions): Promise<ReplaceResult> {
    return this.replaceUnseen(this.copyIn({ ...change, ...options, tenantId }));
  }

  protected async replaceUnseen(change: TableReplacement): Promise<ReplaceResult> {
    const row = this.rowOf(change);
    if (row === undefined || this.needsLook(change, row.profile)) return { outcome: 'look' };
    const next = this.replaced(row.profile, change);
    if (this.isUnchanged(row.profile, next)) return { outcome: 'unchanged', ...stampsOf(row.profile) };
    const update = this.updateOf(change, row.profile, next);
    const result = await this.commitChanges([update]);
    return result.outcome === 'committed' ? { outcome: 'replaced', ...stampsOf(next) } : { outcome: 'look' };
  }

  protected needsLook(change: TableReplacement, profile: StoredProfile): boolean {
    const { schemaVersion, extensions, canonicalSince, expected } = change;
    const { attributes: first = 0, extensions: second = 0 } = this.versions.get(nameOf(change)) ?? {};
    return (
      schemaVersion !== this.schemaOf(change.tenantId, 'check schema')?.version ||
      (expected !== undefined && !this.isInState(profile, expected)) ||
      profile.residual !== undefined ||
      first < canonicalSince ||
      (extensions !== undefined && second < canonicalSince)
    );
  }

  protected isInState(profile: StoredProfile, { revision, createdAt, updatedAt }: StateToken): boolean {
    return (
      profile.revision === revision &&
      profile.createdAt === (createdAt ?? profile.createdAt) &&
      profile.updatedAt === (updatedAt ?? profile.updatedAt)
    );
  }

  protected isUnchanged(current: StoredProfile, next: StoredProfile): boolean {
    const contentOf = ({ attributes, extensions, segment }: StoredProfile) => ({ attributes, extensions, segment });
    return isDeepStrictEqual(contentOf(current), contentOf(next));
  }

  protected replaced(current: StoredProfile, { segment, attributes, extensions, at }: TableReplacement): StoredProfile {
    return {
      ...current,
      revision: current.revision + 1,
      segment: segment === undefined ? current.segment : (segment ?? undefined),
      attributes,
      extensions: extensions ?? current.extensions,
      updatedAt: at < current.updatedAt ? current.updatedAt : at,
    };
  }

  /** The same as a change by the revision that was found. */
  protected updateOf(change: TableReplacement, current: StoredProfile, next: StoredProfile): TableChange {
    const { canonicalSince: _, expected: __, indexed, line, ...others } = change;
    const keeps = indexed !== undefined && this.keepsEntries(indexed, current, change);
    const [entries, keys] = keeps ? [[], []] : [change.entries, change.keys];
    const held = this.entries.filter((row) => row.tenantId === change.tenantId && row.customerId === change.customerId);
    const isGiven = (row: (typeof held)[number]) => entries.some((entry) => this.isEntry(row, entry));
    return {
      ...others,
      kind: 'update',
      line: line && {
        origin: line.origin,
        changed: this.changedMembers([...line.attributes, ...line.extensions, 'segment'], current, next),
      },
      expectedRevision: current.revision,
      createdAt: current.createdAt,
      segment: next.segment,
      at: next.updatedAt,
      addEntries: entries,
      removeEntries: held.filter((row) => keys.includes(row.key) && !isGiven(row)),
      canonical: true,
    };
  }

  /** Whether the members from which entries are made have the values that the change gives. */
  protected keepsEntries(indexed: MemberNames, { attributes, extensions }: StoredProfile, change: ReplaceChange) {
    const isKept = (names: readonly string[], held: object = {}, given: object = {}) => {
      const [before, after] = [new Map(Object.entries(held)), new Map(Object.entries(given))];
      return this.areKept(names.map((name) => isDeepStrictEqual(before.get(name), after.get(name))));
    };
    return (
      isKept(indexed.attributes, attributes, change.attributes) &&
      (change.extensions === undefined || isKept(indexed.extensions, extensions, change.extensions))
    );
  }

  protected areKept(members: readonly boolean[]): boolean {
    return members.every((isKept) => isKept);
  }

  protected changedMembers(members: readonly string[], before: StoredProfile, after: StoredProfile): string[] {
    const [old, fresh] = [before, after].map(({ attributes, extensions, segment }) => {
      return new Map<string, unknown>(Object.entries({ ...attributes, ...extensions, segment }));
    });
    return members.filter((name) => !isDeepStrictEqual(old?.get(name), fresh?.get(name))).map((name) => `/${name}`);
  }

  protected override applyToProfile(change: TableChange): void {
    super.applyToProfile(change);
    if (change.kind !== 'create' && change.kind !== 'update') return;
    const version = change.canonical ? change.schemaVersion : undefined;
    const extensions = change.extensions && { extensions: version };
    const before = this.versions.get(nameOf(change));
    this.versions = new Map(this.versions).set(nameOf(change), { ...before, attributes: version, ...extensions });
  }

  protected rowOf({ tenantId, customerId }: TableReplacement): ProfileRow | undefined {
    return this.profiles.find((row) => this.isProfile(row, tenantId, customerId, 'update'));
  }
}

function nameOf({ tenantId, customerId }: { readonly tenantId: string; readonly customerId: string }): string {
  return `${tenantId} ${customerId}`;
}

function stampsOf({ revision, segment, createdAt, updatedAt }: StoredProfile) {
  return { revision, segment, createdAt, updatedAt };
}
