import type { CommitResult, IndexEntry } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type TableChange, TableRepository } from '../table-repository.js';

export const atomicCommitFaults: readonly Fault[] = [
  {
    fault: 'the first change remains although the second is refused',
    breaks: 'commit/atomic',
    Repository: class extends TableRepository {
      protected override restore(): void {}
    },
  },
  {
    fault: 'the second change is applied although the first is refused',
    breaks: 'commit/atomic',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const result = await super.commitChanges(changes);
        if (result.outcome === 'committed' || result.outcome === 'schema_changed') return result;
        await super.commitChanges(changes.slice(result.index + 1));
        return result;
      }
    },
  },
  {
    fault: 'a large commit is applied a hundred changes at a time',
    breaks: 'commit/largest',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const revisions: number[] = [];
        for (let begin = 0; begin < changes.length; begin += 100) {
          const result = await super.commitChanges(changes.slice(begin, begin + 100));
          if ('index' in result) return { ...result, index: begin + result.index };
          if (result.outcome !== 'committed') return result;
          revisions.push(...result.revisions);
        }
        return { outcome: 'committed', revisions };
      }
    },
  },
  {
    fault: 'a large commit is written in two batches with a turn in between',
    breaks: 'commit/largest',
    Repository: class extends TableRepository {
      protected override apply(change: TableChange): Promise<void> | undefined {
        super.apply(change);
        return change.customerId === 'profile-500' ? new Promise((resolve) => setImmediate(resolve)) : undefined;
      }
    },
  },
  ...(['non-unique', 'unique'] as const).map((kind) => ({
    fault: `${kind} entries are removed a turn before the other changes`,
    breaks: 'find/snapshot',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        for (const change of copies) {
          if (change.kind !== 'update' || change.removeEntries[0]?.unique !== (kind === 'unique')) continue;
          this.removeEntries(change);
          await new Promise((resolve) => setImmediate(resolve));
        }
        return super.commitChanges(copies);
      }
    },
  })),
  ...(['non-unique', 'unique'] as const).map((kind) => ({
    fault: `${kind} entries are added a turn after the other changes`,
    breaks: 'find/snapshot',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const isLate = (entry: IndexEntry) => entry.unique === (kind === 'unique');
        const late = changes.map((change) => ({
          ...change,
          ...('addEntries' in change && { addEntries: change.addEntries.filter(isLate) }),
        }));
        const result = await super.commitChanges(
          changes.map((change) => ({
            ...change,
            ...('addEntries' in change && { addEntries: change.addEntries.filter((entry) => !isLate(entry)) }),
          })),
        );
        await new Promise((resolve) => setImmediate(resolve));
        if (result.outcome === 'committed') for (const change of late) this.addEntries(change);
        return result;
      }
    },
  })),
  {
    fault: 'entries remain although the commit is refused',
    breaks: 'commit/atomic',
    Repository: class extends TableRepository {
      protected override restore({ profiles }: ReturnType<TableRepository['snapshot']>): void {
        this.profiles = profiles;
      }
    },
  },
  {
    fault: 'a partial commit is visible',
    breaks: 'load/snapshot',
    Repository: class extends TableRepository {
      protected override apply(change: TableChange): Promise<void> | undefined {
        super.apply(change);
        return new Promise((resolve) => setImmediate(resolve));
      }
    },
  },
  {
    fault: 'a refused commit rolls back concurrent commits',
    breaks: 'commit/atomic',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        const before = this.snapshot();
        const result = await super.commitChanges(copies);
        if (result.outcome === 'committed') return result;
        await new Promise((resolve) => setImmediate(resolve));
        this.restore(before);
        return result;
      }
    },
  },
  {
    fault: 'the last conflict is returned, not the first',
    breaks: 'conflicts/lowest-index',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const result = await super.commitChanges(changes);
        if (result.outcome === 'committed' || result.outcome === 'schema_changed') return result;
        for (let index = changes.length - 1; index > result.index; index--) {
          const change = changes[index];
          const conflict = change === undefined ? undefined : this.conflict(change, index);
          if (conflict !== undefined) return conflict;
        }
        return result;
      }
    },
  },
  {
    fault: 'entries are checked before the revision',
    breaks: 'conflicts/profile-first',
    Repository: class extends TableRepository {
      protected override conflict(change: TableChange, index: number): CommitResult | undefined {
        return this.entryConflict(change, index) ?? this.profileConflict(change, index);
      }
    },
  },
  {
    fault: 'the conflict has a wrong index',
    breaks: 'commit/atomic',
    Repository: class extends TableRepository {
      protected override conflict(change: TableChange): CommitResult | undefined {
        return super.conflict(change, 0);
      }
    },
  },
];
