import type { CommitResult } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { createMutex } from '../mutex.js';
import { type TableChange, TableRepository } from '../table-repository.js';

const yieldToEventLoop = () => new Promise<void>((resolve) => setImmediate(resolve));

export const compareAndSetFaults: readonly Fault[] = [
  {
    fault: 'the expected revision is not compared',
    breaks: 'update/revision-moved',
    Repository: class extends TableRepository {
      protected override profileConflict(change: TableChange, index: number): CommitResult | undefined {
        const conflict = super.profileConflict(change, index);
        return conflict?.outcome === 'revision_changed' && conflict.revision !== undefined ? undefined : conflict;
      }
    },
  },
  {
    fault: 'an expected revision below the current one is refused, one above is accepted',
    breaks: 'update/revision-moved',
    Repository: class extends TableRepository {
      protected override profileConflict(change: TableChange, index: number): CommitResult | undefined {
        const conflict = super.profileConflict(change, index);
        const revision = conflict?.outcome === 'revision_changed' ? conflict.revision : undefined;
        return change.kind === 'update' && revision !== undefined && revision < change.expectedRevision
          ? undefined
          : conflict;
      }
    },
  },
  {
    fault: 'a deletion does not compare the revision',
    breaks: 'delete/revision-moved',
    Repository: class extends TableRepository {
      protected override profileConflict(change: TableChange, index: number): CommitResult | undefined {
        const conflict = super.profileConflict(change, index);
        const exists = conflict?.outcome === 'revision_changed' && conflict.revision !== undefined;
        return change.kind === 'delete' && exists ? undefined : conflict;
      }
    },
  },
  ...(['update', 'delete', 'index'] as const).map(
    (kind): Fault => ({
      fault: `${kind} does not distinguish a recreated profile from its predecessor`,
      breaks: `${kind}/recreated`,
      Repository: class extends TableRepository {
        protected override profileConflict(change: TableChange, index: number): CommitResult | undefined {
          const conflict = super.profileConflict(change, index);
          if (change.kind !== kind || conflict?.outcome !== 'revision_changed') return conflict;
          return conflict.revision === change.expectedRevision ? undefined : conflict;
        }
      },
    }),
  ),
  {
    fault: 'createdAt is compared by the millisecond',
    breaks: 'update/recreated',
    Repository: class extends TableRepository {
      protected override profileConflict(change: TableChange, index: number): CommitResult | undefined {
        const row = this.profiles.find((one) =>
          this.isProfile(one, change.tenantId, change.customerId, 'check revision'),
        );
        if (change.kind === 'create' || row?.profile.createdAt.slice(0, 23) !== change.createdAt.slice(0, 23)) {
          return super.profileConflict(change, index);
        }
        return super.profileConflict({ ...change, createdAt: row.profile.createdAt }, index);
      }
    },
  },
  {
    fault: 'conflicts are checked first, and changes applied in a later turn',
    breaks: 'commit/compare-and-set',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        const before = this.snapshot();
        const result = await super.commitChanges(copies);
        if (result.outcome !== 'committed') return result;
        this.restore(before);
        await yieldToEventLoop();
        for (const change of copies) this.apply(change);
        return result;
      }
    },
  },
  {
    fault: 'unique entries are checked first, and added in a later turn',
    breaks: 'commit/same-unique-entry',
    Repository: class extends TableRepository {
      protected override apply(change: TableChange): Promise<void> | undefined {
        this.keepReplaced(change);
        this.applyToProfile(change);
        this.removeEntries(change);
        if (change.kind === 'delete' || change.addEntries.length === 0) return undefined;
        return yieldToEventLoop().then(() => this.addEntries(change));
      }
    },
  },
  {
    fault: 'the schema version is compared first, and changes applied in a later turn',
    breaks: 'commit/schema-race',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        const moved = this.schemaConflict(copies);
        if (moved !== undefined) return moved;
        await yieldToEventLoop();
        return super.commitChanges(copies.map((change) => ({ ...change, schemaVersion: this.newest(change) })));
      }

      private newest({ tenantId }: TableChange): number {
        return this.schemaOf(tenantId, 'check schema')?.version ?? 0;
      }
    },
  },
  {
    fault: 'commits are serialized among themselves, but not with schema changes',
    breaks: 'commit/schema-race',
    Repository: class extends TableRepository {
      readonly #oneCommit = createMutex();

      protected override commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        return this.#oneCommit(async () => {
          const moved = this.schemaConflict(copies);
          if (moved !== undefined) return moved;
          await yieldToEventLoop();
          const schemaVersion = this.schemaOf(copies[0]?.tenantId ?? '', 'check schema')?.version ?? 0;
          return super.commitChanges(copies.map((change) => ({ ...change, schemaVersion })));
        });
      }
    },
  },
  {
    fault: 'a conflict is thrown, not returned',
    breaks: 'update/revision-moved',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const result = await super.commitChanges(changes);
        if (result.outcome !== 'committed') throw new Error(result.outcome);
        return result;
      }
    },
  },
  {
    fault: 'the conflict lacks the current revision',
    breaks: 'update/revision-moved',
    Repository: class extends TableRepository {
      protected override profileConflict(change: TableChange, index: number): CommitResult | undefined {
        const conflict = super.profileConflict(change, index);
        return conflict?.outcome === 'revision_changed' ? { outcome: 'revision_changed', index } : conflict;
      }
    },
  },
];
