import type { Change, CommitResult, IndexEntry } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { TableRepository } from '../table-repository.js';

export const wholeCommitFaults: readonly Fault[] = [
  {
    fault: 'the first change stays although the second fails',
    breaks: 'commit/whole',
    Repository: class extends TableRepository {
      protected override restore(): void {}
    },
  },
  {
    fault: 'the second change is carried out although the first fails',
    breaks: 'commit/whole',
    Repository: class extends TableRepository {
      override async commit(changes: readonly Change[]): Promise<CommitResult> {
        const result = await super.commit(changes);
        if (result.outcome === 'committed' || result.outcome === 'schema_moved') return result;
        await super.commit(changes.slice(result.index + 1));
        return result;
      }
    },
  },
  {
    fault: 'a large commit is carried out a hundred changes at a time',
    breaks: 'commit/largest',
    Repository: class extends TableRepository {
      override async commit(changes: readonly Change[]): Promise<CommitResult> {
        for (let begin = 0; begin < changes.length; begin += 100) {
          const result = await super.commit(changes.slice(begin, begin + 100));
          if ('index' in result) return { ...result, index: begin + result.index };
          if (result.outcome !== 'committed') return result;
        }
        return { outcome: 'committed' };
      }
    },
  },
  {
    fault: 'a large commit is written in two batches, and read between them',
    breaks: 'commit/largest',
    Repository: class extends TableRepository {
      protected override carryOut(change: Change): Promise<void> | undefined {
        super.carryOut(change);
        return change.customerId === 'profile-500' ? new Promise((resolve) => setImmediate(resolve)) : undefined;
      }
    },
  },
  ...(['plain', 'unique'] as const).map((kind) => ({
    fault: `${kind} entries are removed in a batch before the others`,
    breaks: 'find/one-instant',
    Repository: class extends TableRepository {
      override async commit(changes: readonly Change[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        for (const change of copies) {
          if (change.kind !== 'update' || change.removeEntries[0]?.unique !== (kind === 'unique')) continue;
          this.removeEntries(change);
          await new Promise((resolve) => setImmediate(resolve));
        }
        return super.commit(copies);
      }
    },
  })),
  ...(['plain', 'unique'] as const).map((kind) => ({
    fault: `${kind} entries are added in a batch after the others`,
    breaks: 'find/one-instant',
    Repository: class extends TableRepository {
      override async commit(changes: readonly Change[]): Promise<CommitResult> {
        const isLate = (entry: IndexEntry) => entry.unique === (kind === 'unique');
        const late = changes.map((change) => ({
          ...change,
          ...('addEntries' in change && { addEntries: change.addEntries.filter(isLate) }),
        }));
        const result = await super.commit(
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
    fault: 'entries stay although the commit fails',
    breaks: 'commit/whole',
    Repository: class extends TableRepository {
      protected override restore({ profiles }: ReturnType<TableRepository['snapshot']>): void {
        this.profiles = profiles;
      }
    },
  },
  {
    fault: 'a commit is seen halfway',
    breaks: 'load/one-instant',
    Repository: class extends TableRepository {
      protected override carryOut(change: Change): Promise<void> | undefined {
        super.carryOut(change);
        return new Promise((resolve) => setImmediate(resolve));
      }
    },
  },
  {
    fault: 'a refused commit takes back what others have stored meanwhile',
    breaks: 'commit/whole',
    Repository: class extends TableRepository {
      override async commit(changes: readonly Change[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        const before = this.snapshot();
        const result = await super.commit(copies);
        if (result.outcome === 'committed') return result;
        await new Promise((resolve) => setImmediate(resolve));
        this.restore(before);
        return result;
      }
    },
  },
  {
    fault: 'the last obstacle is answered, not the first',
    breaks: 'obstacles/lowest-index',
    Repository: class extends TableRepository {
      override async commit(changes: readonly Change[]): Promise<CommitResult> {
        const result = await super.commit(changes);
        if (result.outcome === 'committed' || result.outcome === 'schema_moved') return result;
        for (let index = changes.length - 1; index > result.index; index--) {
          const change = changes[index];
          const obstacle = change === undefined ? undefined : this.obstacle(change, index);
          if (obstacle !== undefined) return obstacle;
        }
        return result;
      }
    },
  },
  {
    fault: 'entries are looked at before the revision',
    breaks: 'obstacles/profile-first',
    Repository: class extends TableRepository {
      protected override obstacle(change: Change, index: number): CommitResult | undefined {
        return this.entryObstacle(change, index) ?? this.profileObstacle(change, index);
      }
    },
  },
  {
    fault: 'the obstacle is answered without its index',
    breaks: 'commit/whole',
    Repository: class extends TableRepository {
      protected override obstacle(change: Change): CommitResult | undefined {
        return super.obstacle(change, 0);
      }
    },
  },
];
