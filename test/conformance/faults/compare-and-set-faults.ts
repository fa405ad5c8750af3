import type { Change, CommitResult } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { TableRepository } from '../table-repository.js';
import { Turns } from '../turns.js';

const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

export const compareAndSetFaults: readonly Fault[] = [
  {
    fault: 'the expected revision is not compared',
    breaks: 'update/revision-moved',
    Repository: class extends TableRepository {
      protected override profileObstacle(change: Change, index: number): CommitResult | undefined {
        const obstacle = super.profileObstacle(change, index);
        return obstacle?.outcome === 'revision_moved' && obstacle.revision !== undefined ? undefined : obstacle;
      }
    },
  },
  {
    fault: 'an older revision than the current one is refused, a newer one not',
    breaks: 'update/revision-moved',
    Repository: class extends TableRepository {
      protected override profileObstacle(change: Change, index: number): CommitResult | undefined {
        const obstacle = super.profileObstacle(change, index);
        const revision = obstacle?.outcome === 'revision_moved' ? obstacle.revision : undefined;
        return change.kind === 'update' && revision !== undefined && revision < change.expectedRevision
          ? undefined
          : obstacle;
      }
    },
  },
  {
    fault: 'a deletion does not compare the revision',
    breaks: 'delete/revision-moved',
    Repository: class extends TableRepository {
      protected override profileObstacle(change: Change, index: number): CommitResult | undefined {
        const obstacle = super.profileObstacle(change, index);
        const exists = obstacle?.outcome === 'revision_moved' && obstacle.revision !== undefined;
        return change.kind === 'delete' && exists ? undefined : obstacle;
      }
    },
  },
  ...(['update', 'delete', 'index'] as const).map(
    (kind): Fault => ({
      fault: `the kind ${kind} takes a profile made anew under the same id for the former one`,
      breaks: `${kind}/made-anew`,
      Repository: class extends TableRepository {
        protected override profileObstacle(change: Change, index: number): CommitResult | undefined {
          const obstacle = super.profileObstacle(change, index);
          if (change.kind !== kind || obstacle?.outcome !== 'revision_moved') return obstacle;
          return obstacle.revision === change.expectedRevision ? undefined : obstacle;
        }
      },
    }),
  ),
  {
    fault: 'times of creation are compared by the millisecond',
    breaks: 'update/made-anew',
    Repository: class extends TableRepository {
      protected override profileObstacle(change: Change, index: number): CommitResult | undefined {
        const row = this.profiles.find((one) =>
          this.isProfile(one, change.tenantId, change.customerId, 'check revision'),
        );
        if (change.kind === 'create' || row?.profile.createdAt.slice(0, 23) !== change.createdAt.slice(0, 23)) {
          return super.profileObstacle(change, index);
        }
        return super.profileObstacle({ ...change, createdAt: row.profile.createdAt }, index);
      }
    },
  },
  {
    fault: 'obstacles are looked for first, and changes carried out some time later',
    breaks: 'commit/compare-and-set',
    Repository: class extends TableRepository {
      override async commit(changes: readonly Change[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        const before = this.snapshot();
        const result = await super.commit(copies);
        if (result.outcome !== 'committed') return result;
        this.restore(before);
        await pause();
        for (const change of copies) this.carryOut(change);
        return result;
      }
    },
  },
  {
    fault: 'unique entries are looked for first, and added some time later',
    breaks: 'commit/one-entry',
    Repository: class extends TableRepository {
      protected override carryOut(change: Change): Promise<void> | undefined {
        this.carryOutOnProfile(change);
        this.removeEntries(change);
        if (change.kind === 'delete' || change.addEntries.length === 0) return undefined;
        return pause().then(() => this.addEntries(change));
      }
    },
  },
  {
    fault: 'the schema version is compared some time before the changes are carried out',
    breaks: 'commit/schema-race',
    Repository: class extends TableRepository {
      override async commit(changes: readonly Change[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        const moved = this.schemaObstacle(copies);
        if (moved !== undefined) return moved;
        await pause();
        return super.commit(copies.map((change) => ({ ...change, schemaVersion: this.newest(change) })));
      }

      private newest({ tenantId }: Change): number {
        return this.schemaOf(tenantId, 'check schema')?.version ?? 0;
      }
    },
  },
  {
    fault: 'commits wait for each other, but not for schema changes, and write some time after they have looked',
    breaks: 'commit/schema-race',
    Repository: class extends TableRepository {
      readonly #commits = new Turns();

      override commit(changes: readonly Change[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        return this.#commits.take(async () => {
          const moved = this.schemaObstacle(copies);
          if (moved !== undefined) return moved;
          await pause();
          const schemaVersion = this.schemaOf(copies[0]?.tenantId ?? '', 'check schema')?.version ?? 0;
          return super.commit(copies.map((change) => ({ ...change, schemaVersion })));
        });
      }
    },
  },
  {
    fault: 'an obstacle is thrown, not answered',
    breaks: 'update/revision-moved',
    Repository: class extends TableRepository {
      override async commit(changes: readonly Change[]): Promise<CommitResult> {
        const result = await super.commit(changes);
        if (result.outcome !== 'committed') throw new Error(result.outcome);
        return result;
      }
    },
  },
  {
    fault: 'the current revision is missing from the answer',
    breaks: 'update/revision-moved',
    Repository: class extends TableRepository {
      protected override profileObstacle(change: Change, index: number): CommitResult | undefined {
        const obstacle = super.profileObstacle(change, index);
        return obstacle?.outcome === 'revision_moved' ? { outcome: 'revision_moved', index } : obstacle;
      }
    },
  },
];
