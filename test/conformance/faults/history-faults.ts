import { setImmediate } from 'node:timers/promises';
import type { CommitResult, StoredState } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type ProfileRow, type TableChange, TableRepository } from '../table-repository.js';

type Replacing = Exclude<TableChange, { kind: 'index' }>;

/** A repository that keeps other states than those that are replaced; `undefined` for none. */
function keeping(kept: (state: StoredState, by: Replacing) => StoredState | undefined): new () => TableRepository {
  return class extends TableRepository {
    protected override keep(state: StoredState, change: Replacing): void {
      const other = kept(state, change);
      if (other !== undefined) super.keep(other, change);
    }
  };
}

/** A repository whose former states have other profiles. */
function keepingProfiles(kept: (profile: ProfileRow['profile'], by: Replacing) => ProfileRow['profile']) {
  return keeping((state, by) => ({ ...state, profile: state.profile && kept(state.profile, by) }));
}

/** A repository that takes other changes for those of a commit. */
function committing(other: (changes: readonly TableChange[]) => readonly TableChange[]): new () => TableRepository {
  return class extends TableRepository {
    protected override commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
      return super.commitChanges(other(changes));
    }
  };
}

export const historyFaults: readonly Fault[] = [
  {
    fault: 'no state is kept',
    breaks: 'history/states',
    Repository: keeping(() => undefined),
  },
  {
    fault: 'a former state has no metadata',
    breaks: 'history/states',
    Repository: keeping(({ metadata: _, ...state }) => state),
  },
  {
    fault: 'a former state has the metadata of the change that replaced it',
    breaks: 'history/metadata',
    Repository: keeping((state, { metadata }) => ({ ...state, metadata })),
  },
  {
    fault: 'the metadata of a profile stays that of its creation',
    breaks: 'history/metadata',
    Repository: class extends TableRepository {
      protected override applyToProfile(change: TableChange): void {
        const metadata = this.metadataOf(change);
        super.applyToProfile(change.kind === 'update' && metadata !== undefined ? { ...change, metadata } : change);
      }

      private metadataOf({ tenantId, customerId }: TableChange) {
        return this.profiles.find((row) => this.isProfile(row, tenantId, customerId, 'update'))?.metadata;
      }
    },
  },
  {
    fault: 'an actor that a change does not name is that of the change before',
    breaks: 'history/metadata',
    Repository: class extends TableRepository {
      protected override applyToProfile(change: TableChange): void {
        const { tenantId, customerId } = change;
        const row = this.profiles.find((one) => this.isProfile(one, tenantId, customerId, 'update'));
        const { actor } = row?.metadata ?? {};
        const isAnonymous = change.kind === 'update' && change.metadata.actor === undefined;
        super.applyToProfile(isAnonymous ? { ...change, metadata: { ...change.metadata, actor } } : change);
      }
    },
  },
  {
    fault: 'the other profile of a merge is not stored',
    breaks: 'history/metadata',
    Repository: committing((changes) =>
      changes.map((change) =>
        change.kind === 'index' ? change : { ...change, metadata: { ...change.metadata, counterpart: undefined } },
      ),
    ),
  },
  {
    fault: 'a former state has the revision of the state that replaced it',
    breaks: 'history/states',
    Repository: keeping((state) => ({ ...state, revision: state.revision + 1 })),
  },
  {
    fault: 'a former state has the timestamp of the change that replaced it',
    breaks: 'history/states',
    Repository: keeping((state, { at }) => ({ ...state, at })),
  },
  {
    fault: 'a former state has the updatedAt of the state that replaced it',
    breaks: 'history/states',
    Repository: keepingProfiles((profile, { at }) => ({ ...profile, updatedAt: at })),
  },
  {
    fault: 'a former state has extensions only if the next change wrote them',
    breaks: 'history/states',
    Repository: keepingProfiles((profile, by) =>
      by.kind === 'update' && by.extensions === undefined ? { ...profile, extensions: {} } : profile,
    ),
  },
  ...(['segment', 'residual'] as const).map((name) => ({
    fault: `a former state has no ${name}`,
    breaks: 'history/states',
    Repository: keepingProfiles((profile) => ({ ...profile, [name]: undefined })),
  })),
  {
    fault: 'a former state has the residual values of the state that replaced it',
    breaks: 'history/states',
    Repository: keepingProfiles((profile, by) => ({
      ...profile,
      residual: by.kind === 'update' ? by.residual : profile.residual,
    })),
  },
  {
    fault: 'an update that changes entries only keeps no state',
    breaks: 'history/entries',
    Repository: keeping((state, by) => {
      const isSame =
        by.kind === 'update' && JSON.stringify(by.attributes) === JSON.stringify(state.profile?.attributes);
      return isSame ? undefined : state;
    }),
  },
  {
    fault: 'a deletion keeps no former state',
    breaks: 'history/merge',
    Repository: keeping((state, { kind }) => (kind === 'delete' ? undefined : state)),
  },
  {
    fault: 'only the first profile of a commit keeps a state',
    breaks: 'history/profiles',
    Repository: committing((changes) =>
      changes.map((change, index) => ({ ...change, history: change.history && (index === 0 || changes.length > 999) })),
    ),
  },
  {
    fault: 'all states of a commit have the metadata of its first change',
    breaks: 'history/profiles',
    Repository: committing((changes) => {
      const [first] = changes;
      if (first === undefined || first.kind === 'index') return changes;
      return changes.map((change) => (change.kind === 'index' ? change : { ...change, metadata: first.metadata }));
    }),
  },
  {
    fault: 'of a large commit, the first five hundred changes keep states',
    breaks: 'history/largest',
    Repository: committing((changes) =>
      changes.map((change, index) => ({ ...change, history: change.history && index < 500 })),
    ),
  },
  {
    fault: 'an index change keeps a state',
    breaks: 'history/index',
    Repository: class extends TableRepository {
      protected override keepReplaced(change: TableChange): void {
        const isIndex = change.kind === 'index';
        super.keepReplaced(isIndex ? ({ ...change, kind: 'update', at: change.createdAt } as Replacing) : change);
      }
    },
  },
  {
    fault: 'an index change sets the metadata of the state',
    breaks: 'history/index',
    Repository: class extends TableRepository {
      protected override applyToProfile(change: TableChange): void {
        super.applyToProfile(change);
        if (change.kind !== 'index') return;
        this.profiles = this.profiles.map((row) =>
          this.isProfile(row, change.tenantId, change.customerId, 'update')
            ? { ...row, metadata: { operation: 'schema_change' } }
            : row,
        );
      }
    },
  },
  {
    fault: 'a refused commit keeps the states that it would have replaced',
    breaks: 'history/refused',
    Repository: class extends TableRepository {
      protected override restore(before: ReturnType<TableRepository['snapshot']>): void {
        super.restore({ ...before, formerStates: this.formerStates });
      }
    },
  },
  {
    fault: 'a commit without history keeps states',
    breaks: 'history/off',
    Repository: committing((changes) => changes.map((change) => ({ ...change, history: true }))),
  },
  {
    fault: 'a commit without history removes the states that are kept',
    breaks: 'history/off',
    Repository: class extends TableRepository {
      protected override keepReplaced(change: TableChange): void {
        super.keepReplaced(change);
        if (change.history) return;
        const { tenantId, customerId } = change;
        this.formerStates = this.formerStates.filter(
          (row) => !this.isState(row, tenantId, customerId, 'former states'),
        );
      }
    },
  },
  {
    fault: 'a commit without history leaves the metadata of the state before',
    breaks: 'history/off',
    Repository: class extends TableRepository {
      protected override applyToProfile(change: TableChange): void {
        const { profiles } = this;
        super.applyToProfile(change);
        if (change.history || change.kind !== 'update') return;
        const { tenantId, customerId } = change;
        const old = profiles.find((row) => this.isProfile(row, tenantId, customerId, 'update'));
        this.profiles = this.profiles.map((row) =>
          old !== undefined && this.isProfile(row, tenantId, customerId, 'update')
            ? { ...row, metadata: old.metadata }
            : row,
        );
      }
    },
  },
  {
    fault: 'states are kept a turn after the commit',
    breaks: 'history/snapshot',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const before = this.formerStates;
        const result = await super.commitChanges(changes);
        const kept = this.formerStates.slice(before.length);
        this.formerStates = this.formerStates.slice(0, before.length);
        await setImmediate();
        this.formerStates = [...this.formerStates, ...kept];
        return result;
      }
    },
  },
  {
    fault: 'states are kept a turn before the commit',
    breaks: 'history/snapshot',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        if (copies.some((change, index) => this.conflict(change, index))) return super.commitChanges(copies);
        const before = this.formerStates;
        for (const change of copies) super.keepReplaced(change);
        await setImmediate();
        const result = await super.commitChanges(copies);
        if (result.outcome !== 'committed') this.formerStates = before;
        return result;
      }

      protected override keepReplaced(): void {}
    },
  },
  {
    fault: 'a commit that another one overtakes keeps the state that it has read',
    breaks: 'history/compare-and-set',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        const before = this.formerStates.length;
        for (const change of copies) this.keepReplaced(change);
        const read = this.formerStates.slice(before);
        this.formerStates = this.formerStates.slice(0, before);
        await setImmediate();
        const result = await super.commitChanges(copies);
        if (result.outcome === 'revision_changed') this.formerStates = [...this.formerStates, ...read];
        return result;
      }
    },
  },
  {
    fault: 'the metadata of a change is not copied',
    breaks: 'history/aliasing',
    Repository: class extends TableRepository {
      #passed: readonly TableChange[] = [];

      protected override commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        this.#passed = changes;
        return super.commitChanges(changes);
      }

      protected override applyToProfile(change: TableChange): void {
        const passed = this.#passed.find(({ customerId }) => customerId === change.customerId);
        if (change.kind === 'index' || passed === undefined || passed.kind === 'index') {
          super.applyToProfile(change);
        } else {
          super.applyToProfile({ ...change, metadata: passed.metadata });
        }
      }
    },
  },
  {
    fault: 'the options of a commit are read after the call returned',
    breaks: 'history/aliasing',
    Repository: class extends TableRepository {
      override async commit(...[tenantId, changes, options]: Parameters<TableRepository['commit']>) {
        const copies = this.copyIn(changes);
        await Promise.resolve();
        return super.commit(tenantId, copies, options);
      }
    },
  },
];
