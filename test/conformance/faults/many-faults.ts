import type { Change, CommitResult, IndexChange, IndexEntry, UpdateChange } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { TableRepository } from '../table-repository.js';

/** The changes with the entries to add, or to remove, that `select` leaves. */
function withEntries(
  changes: readonly Change[],
  list: 'addEntries' | 'removeEntries',
  select: (entries: readonly IndexEntry[], change: Change) => readonly IndexEntry[],
): Change[] {
  return changes.map((change) =>
    list in change ? ({ ...change, [list]: select(change[list as keyof Change] as never, change) } as Change) : change,
  );
}

/** A repository that writes bulk updates of other shapes with the shape of the first one. */
function bulkUpdating(shapeOf: (change: UpdateChange, first: UpdateChange) => UpdateChange, from: number) {
  return class extends TableRepository {
    override commit(changes: readonly Change[]): Promise<CommitResult> {
      const updates = changes.filter((change) => change.kind === 'update');
      const [first] = updates;
      if (first === undefined || updates.length < from) return super.commit(changes);
      return super.commit(changes.map((change) => (change.kind === 'update' ? shapeOf(change, first) : change)));
    }
  };
}

export const manyFaults: readonly Fault[] = [
  ...[100, 500, 999].map((checked) => ({
    fault: `only the first ${checked} entries of a change are checked for conflicts`,
    breaks: 'conflicts/many-entries',
    Repository: class extends TableRepository {
      protected override entryConflict(change: Change, index: number): CommitResult | undefined {
        if (change.kind === 'delete') return undefined;
        return super.entryConflict({ ...change, addEntries: change.addEntries.slice(0, checked) }, index);
      }
    },
  })),
  ...[500, 1_000].map((removed) => ({
    fault: `a deletion removes at most ${removed} entries`,
    breaks: 'delete/many-entries',
    Repository: class extends TableRepository {
      override commit(changes: readonly Change[]): Promise<CommitResult> {
        const some = withEntries(changes, 'removeEntries', (entries, { kind }) =>
          kind === 'delete' ? entries.slice(0, removed) : entries,
        );
        return super.commit(some);
      }
    },
  })),
  ...[100, 500].map((most) => ({
    fault: `the index changes of a commit beyond ${most} add nothing`,
    breaks: 'commit/index-changes',
    Repository: class extends TableRepository {
      override commit(changes: readonly Change[]): Promise<CommitResult> {
        const indexing = changes.filter((change): change is IndexChange => change.kind === 'index');
        const ignored = new Set<Change>(indexing.slice(most));
        return super.commit(
          changes.map((change) => (ignored.has(change) ? { ...(change as IndexChange), addEntries: [] } : change)),
        );
      }
    },
  })),
  {
    fault: 'fifty updates or more write the columns that the first one has, and keep the other columns',
    breaks: 'commit/mixed-shapes',
    Repository: bulkUpdating(
      ({ segment, extensions, ...rest }, first) => ({
        ...rest,
        segment: first.segment === undefined ? undefined : segment,
        extensions: first.extensions === undefined ? undefined : extensions,
      }),
      50,
    ),
  },
  {
    fault: 'fifty updates or more write all columns, and empty those that an update leaves out',
    breaks: 'commit/mixed-shapes',
    Repository: bulkUpdating(({ extensions = {}, ...rest }) => ({ ...rest, extensions }), 50),
  },
  {
    fault: 'fifty updates or more add and remove entries if the first one does',
    breaks: 'commit/mixed-shapes',
    Repository: bulkUpdating(
      (change, first) => (first.addEntries.length > 0 ? change : { ...change, addEntries: [], removeEntries: [] }),
      50,
    ),
  },
  ...[16, 12].map((mebibytes) => ({
    fault: `a commit over ${mebibytes} MiB fails`,
    breaks: 'commit/large:',
    Repository: class extends TableRepository {
      override async commit(changes: readonly Change[]): Promise<CommitResult> {
        if (JSON.stringify(changes).length > mebibytes * 2 ** 20) throw new Error('the packet is too large');
        return super.commit(changes);
      }
    },
  })),
  {
    fault: 'of a commit over 16 MiB, a second part is stored apart and forgotten',
    breaks: 'commit/large:',
    Repository: class extends TableRepository {
      override async commit(changes: readonly Change[]): Promise<CommitResult> {
        let size = 0;
        return super.commit(
          changes.filter((change) => {
            size += changes.length > 4 && changes.length < 100 ? JSON.stringify(change).length : 0;
            return size <= 16 * 2 ** 20;
          }),
        );
      }
    },
  },
];
