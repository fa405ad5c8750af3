import { setImmediate } from 'node:timers/promises';
import type { CommitResult, Loaded, PageRequest, ProfilePage, StoredProfile } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type StateRow, type TableChange, TableRepository } from '../table-repository.js';

type Deletion = Extract<TableChange, { kind: 'delete' }>;

/** A repository that keeps other deletions. */
function keepingDeletions(kept: (row: StateRow, by: Deletion) => StateRow): new () => TableRepository {
  return class extends TableRepository {
    protected override keepDeletion(change: Deletion): void {
      super.keepDeletion(change);
      const row = this.deletions.at(-1);
      if (row !== undefined) this.deletions = [...this.deletions.slice(0, -1), kept(row, change)];
    }
  };
}

/** A deletion that is taken for a profile without content. */
function emptyProfile({ customerId, revision, at }: StateRow['state']): StoredProfile {
  return { customerId, revision, attributes: {}, extensions: {}, createdAt: at, updatedAt: at };
}

/** A repository whose walks go over the rows of deletions as well. */
class DeletionsInRowsRepository extends TableRepository {
  /** The rows after an id, in order: a profile, or nothing where it was deleted. */
  protected rowsAfter(tenantId: string, after = ''): { readonly id: string; readonly profile?: StoredProfile }[] {
    const isHere = (row: { readonly tenantId: string }) => this.isTenant(row.tenantId, tenantId, 'page');
    const profiles = this.profiles.filter(isHere).map(({ profile }) => ({ id: profile.customerId, profile }));
    const deletions = this.deletions.filter(isHere).map(({ state }) => ({ id: state.customerId }));
    return [...profiles, ...deletions].filter(({ id }) => id > after).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  protected profilesOf(rows: readonly { readonly profile?: StoredProfile }[]): StoredProfile[] {
    return rows.flatMap(({ profile }) => (profile === undefined ? [] : [this.toResult(profile, true)]));
  }
}

export const keptDeletionFaults: readonly Fault[] = [
  {
    fault: 'a deletion is not kept',
    breaks: 'deletions/state',
    Repository: class extends TableRepository {
      protected override keepDeletion(): void {}
    },
  },
  {
    fault: 'a deletion has the revision of the deleted state',
    breaks: 'deletions/state',
    Repository: keepingDeletions((row) => ({ ...row, state: { ...row.state, revision: row.state.revision - 1 } })),
  },
  {
    fault: 'a deletion has no metadata',
    breaks: 'deletions/state',
    Repository: keepingDeletions(({ tenantId, state: { metadata: _, ...state } }) => ({ tenantId, state })),
  },
  {
    fault: 'a deletion has the content of the deleted profile',
    breaks: 'deletions/state',
    Repository: class extends TableRepository {
      protected override keepDeletion(change: Deletion): void {
        super.keepDeletion(change);
        const [former] = this.formerStatesOf(change.tenantId, change.customerId, 'former states');
        const row = this.deletions.at(-1);
        if (row === undefined || former === undefined) return;
        const state = { ...row.state, profile: former.state.profile };
        this.deletions = [...this.deletions.slice(0, -1), { ...row, state }];
      }
    },
  },
  {
    fault: 'a deletion has the timestamp at which the profile was created',
    breaks: 'deletions/state',
    Repository: keepingDeletions((row, { createdAt }) => ({ ...row, state: { ...row.state, at: createdAt } })),
  },
  {
    fault: 'a deletion removes the former states',
    breaks: 'deletions/state',
    Repository: class extends TableRepository {
      protected override keepDeletion(change: Deletion): void {
        super.keepDeletion(change);
        const { tenantId, customerId } = change;
        this.formerStates = this.formerStates.filter(
          (row) => !this.isState(row, tenantId, customerId, 'former states'),
        );
      }
    },
  },
  {
    fault: 'load answers a deletion as a profile without content',
    breaks: 'deletions/gone',
    Repository: class extends TableRepository {
      override async load(tenantId: string, customerId: string, options: { extensions: boolean }): Promise<Loaded> {
        const loaded = await super.load(tenantId, customerId, options);
        const row = this.deletions.find((one) => this.isState(one, tenantId, customerId, 'check deletion'));
        const deleted = row && this.toResult(emptyProfile(row.state), options.extensions);
        return { ...loaded, profile: loaded.profile ?? deleted };
      }
    },
  },
  {
    fault: 'page answers deletions as profiles without content',
    breaks: 'deletions/gone',
    Repository: class extends TableRepository {
      override async page(tenantId: string, page: PageRequest): Promise<ProfilePage> {
        const { profiles } = this;
        const deleted = this.deletions.map((row) => ({ ...row, profile: emptyProfile(row.state) }));
        this.profiles = [
          ...profiles,
          ...deleted.map((row) => ({ ...row, metadata: { operation: 'delete' as const } })),
        ];
        try {
          return await super.page(tenantId, page);
        } finally {
          this.profiles = profiles;
        }
      }
    },
  },
  {
    fault: 'a kept deletion holds the entries of its profile',
    breaks: 'deletions/gone',
    Repository: class extends TableRepository {
      protected override removeEntries(change: TableChange): void {
        if (change.kind !== 'delete' || !change.history) super.removeEntries(change);
      }
    },
  },
  {
    fault: 'deletions count for the limit of a page, and a page of deletions alone says that there is more',
    breaks: 'deletions/pages',
    Repository: class extends DeletionsInRowsRepository {
      override async page(tenantId: string, { after, limit }: PageRequest): Promise<ProfilePage> {
        const rows = this.rowsAfter(tenantId, after);
        return { profiles: this.profilesOf(rows.slice(0, limit)), more: rows.length > limit };
      }
    },
  },
  {
    fault: 'deletions count for the limit of a page, and a page of deletions alone ends the walk',
    breaks: 'deletions/pages',
    Repository: class extends DeletionsInRowsRepository {
      override async page(tenantId: string, { after, limit }: PageRequest): Promise<ProfilePage> {
        const rows = this.rowsAfter(tenantId, after);
        const profiles = this.profilesOf(rows.slice(0, limit));
        return { profiles, more: profiles.length > 0 && rows.length > limit };
      }
    },
  },
  {
    fault: 'a page with fewer profiles than the limit, because of deletions, is taken for the last',
    breaks: 'deletions/pages',
    Repository: class extends DeletionsInRowsRepository {
      override async page(tenantId: string, { after, limit }: PageRequest): Promise<ProfilePage> {
        const rows = this.rowsAfter(tenantId, after);
        const profiles = this.profilesOf(rows.slice(0, limit));
        return { profiles, more: profiles.length === limit && rows.length > limit };
      }
    },
  },
  {
    fault: 'a change of a deleted profile is refused with the revision of the deletion',
    breaks: 'deletions/conflicts',
    Repository: class extends TableRepository {
      protected override profileConflict(change: TableChange, index: number): CommitResult | undefined {
        const conflict = super.profileConflict(change, index);
        if (conflict?.outcome !== 'revision_changed') return conflict;
        return { ...conflict, revision: conflict.revision ?? this.deletionOf(change)?.state.revision };
      }
    },
  },
  ...(['update', 'delete', 'index'] as const).map((kind) => ({
    fault: `a change of the kind ${kind} that expects the revision of the deletion is committed`,
    breaks: 'deletions/conflicts',
    Repository: class extends TableRepository {
      protected override profileConflict(change: TableChange, index: number): CommitResult | undefined {
        const revision = this.deletionOf(change)?.state.revision;
        if (change.kind === kind && change.expectedRevision === revision) return undefined;
        return super.profileConflict(change, index);
      }
    },
  })),
  {
    fault: 'a creation under a deleted id begins with revision 1',
    breaks: 'deletions/recreated',
    Repository: class extends TableRepository {
      protected override firstRevision(): number {
        return 1;
      }
    },
  },
  {
    fault: 'a creation under a deleted id has the revision of the deletion',
    breaks: 'deletions/recreated',
    Repository: class extends TableRepository {
      protected override firstRevision(change: TableChange): number {
        return this.deletionOf(change)?.state.revision ?? super.firstRevision(change);
      }
    },
  },
  {
    fault: 'a creation under a deleted id is refused',
    breaks: 'deletions/recreated',
    Repository: class extends TableRepository {
      protected override profileConflict(change: TableChange, index: number): CommitResult | undefined {
        const isDeleted = change.kind === 'create' && this.deletionOf(change) !== undefined;
        return isDeleted ? { outcome: 'id_taken', index } : super.profileConflict(change, index);
      }
    },
  },
  {
    fault: 'a creation under a deleted id keeps nothing of the deletion',
    breaks: 'deletions/recreated',
    Repository: class extends TableRepository {
      protected override keepReplaced(change: TableChange): void {
        if (change.kind !== 'create') super.keepReplaced(change);
      }
    },
  },
  {
    fault: 'a creation under a deleted id answers revision 1',
    breaks: 'deletions/recreated',
    Repository: class extends TableRepository {
      protected override revisionAfter(change: TableChange): number {
        return change.kind === 'create' ? 1 : super.revisionAfter(change);
      }
    },
  },
  ...(['segment', 'residual', 'createdAt'] as const).map((name) => ({
    fault: `a profile created under a deleted id has the ${name} of its predecessor`,
    breaks: 'deletions/recreated',
    Repository: class extends TableRepository {
      protected override applyToProfile(change: TableChange): void {
        const { tenantId, customerId } = change;
        const [former] = this.formerStatesOf(tenantId, customerId, 'former states').filter(
          ({ state }) => state.profile,
        );
        super.applyToProfile(change);
        const left = former?.state.profile?.[name];
        if (change.kind !== 'create' || left === undefined) return;
        this.profiles = this.profiles.map((row) =>
          this.isProfile(row, tenantId, customerId, 'update')
            ? { ...row, profile: { ...row.profile, [name]: left } }
            : row,
        );
      }
    },
  })),
  {
    fault: 'a second deletion leaves the first one as it is',
    breaks: 'deletions/repeated',
    Repository: class extends TableRepository {
      protected override forgetDeletion(): void {}

      protected override statesOf(tenantId: string, customerId: string) {
        const [newest, ...older] = super.statesOf(tenantId, customerId);
        return newest?.profile === undefined
          ? super.statesOf(tenantId, customerId)
          : [newest, ...older.filter(({ profile }, index) => index > 0 || profile !== undefined)];
      }
    },
  },
  {
    fault: 'a deletion is also kept without history',
    breaks: 'deletions/not-kept',
    Repository: class extends TableRepository {
      protected override keepsDeletion(): boolean {
        return true;
      }
    },
  },
  {
    fault: 'without history a deletion is not kept, although former states are',
    breaks: 'deletions/kept-anyway',
    Repository: class extends TableRepository {
      protected override keepsDeletion({ history }: TableChange): boolean {
        return history;
      }
    },
  },
  {
    fault: 'a creation without history keeps the deletion before it',
    breaks: 'deletions/kept-anyway',
    Repository: class extends TableRepository {
      protected override keepReplaced(change: TableChange): void {
        super.keepReplaced(change.kind === 'create' ? { ...change, history: true } : change);
      }
    },
  },
  {
    fault: 'a creation under a deleted id is checked a turn before it is written',
    breaks: 'deletions/one-creation',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const [change, ...others] = this.copyIn(changes);
        if (change === undefined || others.length > 0 || this.deletionOf(change) === undefined) {
          return super.commitChanges(changes);
        }
        if (this.schemaConflict([change]) ?? this.conflict(change, 0)) return super.commitChanges([change]);
        const revision = this.firstRevision(change);
        await setImmediate();
        this.apply(change);
        return { outcome: 'committed', revisions: [revision] };
      }
    },
  },
  {
    fault: 'a deletion is kept a turn after the profile is removed',
    breaks: 'deletions/racing',
    Repository: class extends TableRepository {
      protected override keepDeletion(change: Deletion): void {
        void setImmediate().then(() => super.keepDeletion(change));
      }
    },
  },
];
