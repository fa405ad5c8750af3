import type { Change, CommitResult, IndexEntry, StoredProfile, UpdateChange } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { TableRepository } from '../table-repository.js';

/** A repository that changes the changes of a commit before it carries them out. */
function rewriting(rewrite: (changes: readonly Change[]) => readonly Change[]): new () => TableRepository {
  return class extends TableRepository {
    override commit(changes: readonly Change[]): Promise<CommitResult> {
      return super.commit(rewrite(changes));
    }
  };
}

/** A repository that takes no notice of what stands in the way of some changes. */
function blindTo(isUnseen: (change: Change, index: number, obstacle: CommitResult) => boolean) {
  return class extends TableRepository {
    protected override profileObstacle(change: Change, index: number): CommitResult | undefined {
      const obstacle = super.profileObstacle(change, index);
      return obstacle !== undefined && isUnseen(change, index, obstacle) ? undefined : obstacle;
    }
  };
}

export const batchFaults: readonly Fault[] = [
  ...(['update', 'delete', 'index'] as const).map((kind) => ({
    fault: `the kind ${kind} compares no revision behind the first change`,
    breaks: 'obstacles/each-change',
    Repository: blindTo(
      (change, index, obstacle) =>
        change.kind === kind && index > 0 && obstacle.outcome === 'revision_moved' && obstacle.revision !== undefined,
    ),
  })),
  ...(['update', 'delete', 'index'] as const).map((kind) => ({
    fault: `the kind ${kind} passes over an unknown profile behind the first change`,
    breaks: 'obstacles/each-change',
    Repository: blindTo(
      (change, index, obstacle) =>
        change.kind === kind && index > 0 && obstacle.outcome === 'revision_moved' && obstacle.revision === undefined,
    ),
  })),
  ...(['delete', 'index'] as const).map((kind) => ({
    fault: `the kind ${kind} takes a revision that is yet to come for the present one`,
    breaks: `${kind}/revision-moved`,
    Repository: blindTo(
      (change, _index, obstacle) =>
        change.kind === kind &&
        obstacle.outcome === 'revision_moved' &&
        (obstacle.revision ?? 9) < change.expectedRevision,
    ),
  })),
  {
    fault: 'of revisions two digits are compared',
    breaks: 'update/revision',
    Repository: blindTo(
      (change, _index, obstacle) =>
        change.kind !== 'create' &&
        obstacle.outcome === 'revision_moved' &&
        String(obstacle.revision).slice(0, 2) === String(change.expectedRevision).slice(0, 2),
    ),
  },
  {
    fault: 'createdAt is compared at revision 1 alone',
    breaks: 'update/made-anew',
    Repository: blindTo(
      (change, _index, obstacle) =>
        change.kind === 'update' &&
        obstacle.outcome === 'revision_moved' &&
        change.expectedRevision > 1 &&
        obstacle.revision === change.expectedRevision,
    ),
  },
  {
    fault: 'the updates of a commit all have the time of the first',
    breaks: 'commit/own-values',
    Repository: rewriting((changes) => {
      const first = changes.find((change) => change.kind === 'update');
      return changes.map((change) => (change.kind === 'update' && first ? { ...change, at: first.at } : change));
    }),
  },
  {
    fault: 'of several updates those without extensions get those of another one',
    breaks: 'commit/own-values',
    Repository: rewriting((changes) => {
      const given = changes.find((change) => change.kind === 'update' && change.extensions !== undefined);
      if (given?.kind !== 'update') return changes;
      const { extensions } = given;
      return changes.map((change) => (change.kind === 'update' ? { extensions, ...change } : change));
    }),
  },
  {
    fault: 'the schema version of the last change alone is compared',
    breaks: 'obstacles/schema-first',
    Repository: class extends TableRepository {
      protected override schemaObstacle(changes: readonly Change[]): CommitResult | undefined {
        return super.schemaObstacle(changes.slice(-1));
      }
    },
  },
  {
    fault: 'the lowest schema version of a commit alone is compared',
    breaks: 'obstacles/schema-first',
    Repository: class extends TableRepository {
      protected override schemaObstacle(changes: readonly Change[]): CommitResult | undefined {
        const lowest = Math.min(...changes.map((change) => change.schemaVersion));
        return super.schemaObstacle(changes.slice(0, 1).map((change) => ({ ...change, schemaVersion: lowest })));
      }
    },
  },
  {
    fault: 'the deletions of a large commit are cut at five hundred',
    breaks: 'commit/largest',
    Repository: rewriting((changes) => changes.filter((change, index) => change.kind !== 'delete' || index < 500)),
  },
  {
    fault: 'a segment that is undefined clears it',
    breaks: 'update/segment',
    Repository: class extends TableRepository {
      protected override updated(current: StoredProfile, change: UpdateChange): StoredProfile {
        return { ...super.updated(current, change), segment: 'segment' in change ? change.segment : current.segment };
      }
    },
  },
  ...(['the first', 'the last'] as const).map((which) => ({
    fault: `${which} unique key of a change is answered, whichever is taken`,
    breaks: 'entries/unique',
    Repository: class extends TableRepository {
      protected override entryObstacle(change: Change, index: number): CommitResult | undefined {
        const obstacle = super.entryObstacle(change, index);
        if (obstacle === undefined || change.kind === 'delete') return obstacle;
        const unique = change.addEntries.filter((entry) => entry.unique);
        const key = unique.at(which === 'the first' ? 0 : -1)?.key ?? '';
        return { outcome: 'entry_taken', index, key };
      }
    },
  })),
  {
    fault: 'an entry that a change gives up is free for all the later ones',
    breaks: 'entries/handed-over',
    Repository: class extends TableRepository {
      #released: readonly IndexEntry[] = [];

      override commit(changes: readonly Change[]): Promise<CommitResult> {
        this.#released = changes.flatMap((change) => ('removeEntries' in change ? change.removeEntries : []));
        return super.commit(changes);
      }

      protected override isTaken(entry: IndexEntry, change: Change): boolean {
        const { key, digest } = entry;
        const isReleased = this.#released.some((released) => released.key === key && released.digest === digest);
        return !isReleased && super.isTaken(entry, change);
      }
    },
  },
];
