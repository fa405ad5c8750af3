import type { CommitResult, IndexEntry } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type TableChange, TableRepository, type TableUpdate } from '../table-repository.js';

/** The changes with the entries to add, or to remove, that `select` leaves. */
function withEntries(
  changes: readonly TableChange[],
  list: 'addEntries' | 'removeEntries',
  select: (entries: readonly IndexEntry[], change: TableChange) => readonly IndexEntry[],
): TableChange[] {
  return changes.map((change) =>
    list in change
      ? ({ ...change, [list]: select(change[list as keyof TableChange] as never, change) } as TableChange)
      : change,
  );
}

/** A repository that writes bulk updates of other shapes with the shape of the first one. */
function bulkUpdating(shapeOf: (change: TableUpdate, first: TableUpdate) => TableUpdate, from: number) {
  return class extends TableRepository {
    protected override commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
      const updates = changes.filter((change) => change.kind === 'update');
      const [first] = updates;
      if (first === undefined || updates.length < from) return super.commitChanges(changes);
      return super.commitChanges(changes.map((change) => (change.kind === 'update' ? shapeOf(change, first) : change)));
    }
  };
}

export const manyFaults: readonly Fault[] = [
  ...[100, 500, 999].map((checked) => ({
    fault: `only the first ${checked} entries of a change are checked for conflicts`,
    breaks: 'conflicts/many-entries',
    Repository: class extends TableRepository {
      protected override entryConflict(change: TableChange, index: number): CommitResult | undefined {
        if (change.kind === 'delete') return undefined;
        return super.entryConflict({ ...change, addEntries: change.addEntries.slice(0, checked) }, index);
      }
    },
  })),
  ...[500, 1_000].map((removed) => ({
    fault: `a deletion removes at most ${removed} entries`,
    breaks: 'delete/many-entries',
    Repository: class extends TableRepository {
      protected override commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const some = withEntries(changes, 'removeEntries', (entries, { kind }) =>
          kind === 'delete' ? entries.slice(0, removed) : entries,
        );
        return super.commitChanges(some);
      }
    },
  })),
  ...[100, 500].map((most) => ({
    fault: `the index changes of a commit beyond ${most} add nothing`,
    breaks: 'commit/index-changes',
    Repository: class extends TableRepository {
      protected override commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        let indexed = 0;
        return super.commitChanges(
          changes.map((change) =>
            change.kind === 'index' && ++indexed > most ? { ...change, addEntries: [] } : change,
          ),
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
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        if (JSON.stringify(changes).length > mebibytes * 2 ** 20) throw new Error('the packet is too large');
        return super.commitChanges(changes);
      }
    },
  })),
  {
    fault: 'of a commit over 16 MiB, a second part is stored apart and forgotten',
    breaks: 'commit/large:',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        let size = 0;
        return super.commitChanges(
          changes.filter((change) => {
            size += changes.length > 4 && changes.length < 100 ? JSON.stringify(change).length : 0;
            return size <= 16 * 2 ** 20;
          }),
        );
      }
    },
  },
];
