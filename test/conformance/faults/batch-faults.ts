import type { CommitResult, IndexEntry, StoredProfile, UpdateChange } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type TableChange, TableRepository } from '../table-repository.js';

/** A repository that rewrites the changes of a commit before it applies them. */
function rewriting(rewrite: (changes: readonly TableChange[]) => readonly TableChange[]): new () => TableRepository {
  return class extends TableRepository {
    protected override commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
      return super.commitChanges(rewrite(changes));
    }
  };
}

/** A repository that ignores some conflicts. */
function ignoringConflicts(isIgnored: (change: TableChange, index: number, conflict: CommitResult) => boolean) {
  return class extends TableRepository {
    protected override profileConflict(change: TableChange, index: number): CommitResult | undefined {
      const conflict = super.profileConflict(change, index);
      return conflict !== undefined && isIgnored(change, index, conflict) ? undefined : conflict;
    }
  };
}

function keepsSegment(change: UpdateChange): boolean {
  return 'segment' in change && change.segment === undefined;
}

export const batchFaults: readonly Fault[] = [
  ...(['update', 'delete', 'index'] as const).map((kind) => ({
    fault: `${kind} changes after the first do not compare the revision`,
    breaks: 'conflicts/each-change',
    Repository: ignoringConflicts(
      (change, index, conflict) =>
        change.kind === kind && index > 0 && conflict.outcome === 'revision_changed' && conflict.revision !== undefined,
    ),
  })),
  ...(['update', 'delete', 'index'] as const).map((kind) => ({
    fault: `${kind} changes after the first ignore an unknown profile`,
    breaks: 'conflicts/each-change',
    Repository: ignoringConflicts(
      (change, index, conflict) =>
        change.kind === kind && index > 0 && conflict.outcome === 'revision_changed' && conflict.revision === undefined,
    ),
  })),
  ...(['delete', 'index'] as const).map((kind) => ({
    fault: `${kind} accepts an expected revision above the current one`,
    breaks: `${kind}/revision-moved`,
    Repository: ignoringConflicts(
      (change, _index, conflict) =>
        change.kind === kind &&
        conflict.outcome === 'revision_changed' &&
        (conflict.revision ?? 9) < change.expectedRevision,
    ),
  })),
  {
    fault: 'only the first two digits of a revision are compared',
    breaks: 'update/revision',
    Repository: ignoringConflicts(
      (change, _index, conflict) =>
        change.kind !== 'create' &&
        conflict.outcome === 'revision_changed' &&
        String(conflict.revision).slice(0, 2) === String(change.expectedRevision).slice(0, 2),
    ),
  },
  {
    fault: 'createdAt is compared only at revision 1',
    breaks: 'update/recreated',
    Repository: ignoringConflicts(
      (change, _index, conflict) =>
        change.kind === 'update' &&
        conflict.outcome === 'revision_changed' &&
        change.expectedRevision > 1 &&
        conflict.revision === change.expectedRevision,
    ),
  },
  {
    fault: 'all updates of a commit get the timestamp of the first',
    breaks: 'commit/own-values',
    Repository: rewriting((changes) => {
      const first = changes.find((change) => change.kind === 'update');
      return changes.map((change) => (change.kind === 'update' && first ? { ...change, at: first.at } : change));
    }),
  },
  {
    fault: 'an update without extensions gets those of another update in the commit',
    breaks: 'commit/own-values',
    Repository: rewriting((changes) => {
      const given = changes.find((change) => change.kind === 'update' && change.extensions !== undefined);
      if (given?.kind !== 'update') return changes;
      const { extensions } = given;
      return changes.map((change) => (change.kind === 'update' ? { extensions, ...change } : change));
    }),
  },
  {
    fault: 'only the schema version of the last change is compared',
    breaks: 'conflicts/schema-first',
    Repository: class extends TableRepository {
      protected override schemaConflict(changes: readonly TableChange[]): CommitResult | undefined {
        return super.schemaConflict(changes.slice(-1));
      }
    },
  },
  {
    fault: 'only the lowest schema version of a commit is compared',
    breaks: 'conflicts/schema-first',
    Repository: class extends TableRepository {
      protected override schemaConflict(changes: readonly TableChange[]): CommitResult | undefined {
        const lowest = Math.min(...changes.map((change) => change.schemaVersion));
        return super.schemaConflict(changes.slice(0, 1).map((change) => ({ ...change, schemaVersion: lowest })));
      }
    },
  },
  {
    fault: 'deletions after the first five hundred changes are dropped',
    breaks: 'commit/largest',
    Repository: rewriting((changes) => changes.filter((change, index) => change.kind !== 'delete' || index < 500)),
  },
  {
    fault: '`segment: undefined` keeps the segment',
    breaks: 'update/segment',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        return { ...super.updated(current, change), segment: keepsSegment(change) ? current.segment : change.segment };
      }
    },
  },
  ...(['the first', 'the last'] as const).map((which) => ({
    fault: `the conflict names ${which} unique key of a change, whichever is taken`,
    breaks: 'entries/unique',
    Repository: class extends TableRepository {
      protected override entryConflict(change: TableChange, index: number): CommitResult | undefined {
        const conflict = super.entryConflict(change, index);
        if (conflict === undefined || change.kind === 'delete') return conflict;
        const unique = change.addEntries.filter((entry) => entry.unique);
        const key = unique.at(which === 'the first' ? 0 : -1)?.key ?? '';
        return { outcome: 'entry_taken', index, key };
      }
    },
  })),
  {
    fault: 'an entry that a change removes counts as released even if another profile has it',
    breaks: 'entries/transfer',
    Repository: class extends TableRepository {
      #released: readonly IndexEntry[] = [];

      protected override commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        this.#released = changes.flatMap((change) => ('removeEntries' in change ? change.removeEntries : []));
        return super.commitChanges(changes);
      }

      protected override isTaken(entry: IndexEntry, change: TableChange): boolean {
        const { key, digest } = entry;
        const isReleased = this.#released.some((released) => released.key === key && released.digest === digest);
        return !isReleased && super.isTaken(entry, change);
      }
    },
  },
];
