import { setImmediate } from 'node:timers/promises';
import type { CommitResult, IndexEntry, PageRequest, SchemaChange, SchemaCommitResult } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { createMutex } from '../mutex.js';
import { type TableChange, TableRepository } from '../table-repository.js';

/** The schema version by which each profile was last written, by tenant and customer id. */
class VersionedProfilesRepository extends TableRepository {
  readonly #writtenBy = new Map<string, number>();

  protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
    const result = await super.commitChanges(changes);
    if (result.outcome !== 'committed') return result;
    for (const { tenantId, customerId, schemaVersion } of changes) {
      this.#writtenBy.set(`${tenantId} ${customerId}`, schemaVersion);
    }
    return result;
  }

  protected versionOf(tenantId: string, customerId: string | undefined): number | undefined {
    return this.#writtenBy.get(`${tenantId} ${customerId}`);
  }
}

/** What a commit returns that takes effect, and did not here. */
function acknowledged(changes: readonly TableChange[]): CommitResult {
  const revisionOf = (change: TableChange) =>
    change.kind === 'create' ? 1 : change.expectedRevision + (change.kind === 'index' ? 0 : 1);
  return { outcome: 'committed', revisions: changes.map(revisionOf) };
}

/** Reads all tables, and writes them back a turn later, under a lock. */
class FileRepository extends TableRepository {
  readonly #locks = new Map<string, ReturnType<typeof createMutex>>();

  /** A lock for each tenant. */
  protected locked<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
    const lock = this.#locks.get(tenantId) ?? createMutex();
    this.#locks.set(tenantId, lock);
    return lock(work);
  }

  protected async rewriting<T>(work: () => Promise<T>): Promise<T> {
    const before = { ...this.snapshot(), schemas: this.schemas };
    await setImmediate();
    const newest = { ...this.snapshot(), schemas: this.schemas };
    Object.assign(this, before);
    const result = await work();
    const isUnchanged =
      this.profiles === before.profiles && this.entries === before.entries && this.schemas === before.schemas;
    if (isUnchanged) Object.assign(this, newest);
    return result;
  }
}

export const lostChangeFaults: readonly Fault[] = [
  {
    fault: 'load answers the schema version by which the profile was written',
    breaks: 'load/schema-version',
    Repository: class extends VersionedProfilesRepository {
      override async load(tenantId: string, customerId: string, options: { readonly extensions: boolean }) {
        const { schemaVersion, profile } = await super.load(tenantId, customerId, options);
        return { schemaVersion: (profile && this.versionOf(tenantId, customerId)) ?? schemaVersion, profile };
      }
    },
  },
  {
    fault: 'find answers the schema version by which the first profile was written',
    breaks: 'find/schema-version',
    Repository: class extends VersionedProfilesRepository {
      override async find(tenantId: string, entry: IndexEntry, page: PageRequest & { readonly extensions: boolean }) {
        const found = await super.find(tenantId, entry, page);
        const written = this.versionOf(tenantId, found.profiles[0]?.customerId);
        return { ...found, schemaVersion: written ?? found.schemaVersion };
      }
    },
  },
  {
    fault: 'a schema change writes the profiles back that it read a turn before',
    breaks: 'commit/schema-race',
    Repository: class extends TableRepository {
      override async commitSchema(tenantId: string, change: SchemaChange): Promise<SchemaCommitResult> {
        const copy = this.copyIn(change);
        const before = this.snapshot();
        await setImmediate();
        const result = await super.commitSchema(tenantId, copy);
        if (result.outcome === 'committed') this.restore(before);
        return result;
      }
    },
  },
  {
    fault: 'a commit that a schema change overtakes is acknowledged, and not stored',
    breaks: 'commit/schema-race',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        const moved = this.schemaConflict(copies);
        if (moved !== undefined) return moved;
        await setImmediate();
        const result = await super.commitChanges(copies);
        return result.outcome === 'schema_changed' ? acknowledged(copies) : result;
      }
    },
  },
  {
    fault: 'all tenants are in one file, which is locked for each tenant apart',
    breaks: 'tenants/concurrent',
    Repository: class extends FileRepository {
      protected override commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        return this.locked(copies[0]?.tenantId ?? '', () => this.rewriting(() => super.commitChanges(copies)));
      }

      override commitSchema(tenantId: string, change: SchemaChange): Promise<SchemaCommitResult> {
        const copy = this.copyIn(change);
        return this.locked(tenantId, () => this.rewriting(() => super.commitSchema(tenantId, copy)));
      }

      override dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        return this.locked(tenantId, () => this.rewriting(() => super.dropEntries(tenantId, key, limit)));
      }
    },
  },
  {
    fault: 'the schemas of all tenants are in one file, which is locked for each tenant apart',
    breaks: 'tenants/concurrent',
    Repository: class extends FileRepository {
      override commitSchema(tenantId: string, change: SchemaChange): Promise<SchemaCommitResult> {
        const copy = this.copyIn(change);
        return this.locked(tenantId, async () => {
          const before = this.schemas;
          await setImmediate();
          this.schemas = before;
          return super.commitSchema(tenantId, copy);
        });
      }
    },
  },
  {
    fault: 'an index change that adds nothing new is committed unchecked',
    breaks: 'index/nothing-new',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const needed = changes.filter(
          (change) =>
            change.kind !== 'index' ||
            change.addEntries.some((entry) => !this.entries.some((row) => this.isEntryOf(row, entry, change))),
        );
        return needed.length === 0 ? acknowledged(changes) : super.commitChanges(needed);
      }
    },
  },
  {
    fault: 'an index change without entries is committed unchecked',
    breaks: 'index/nothing-new',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const needed = changes.filter((change) => change.kind !== 'index' || change.addEntries.length > 0);
        return needed.length === 0 ? acknowledged(changes) : super.commitChanges(needed);
      }
    },
  },
  {
    fault: 'a refused commit keeps the unique entries that it reserved',
    breaks: 'conflicts/released',
    Repository: class extends TableRepository {
      readonly #reserved = new Map<string, string>();

      protected override entryConflict(change: TableChange, index: number): CommitResult | undefined {
        if (change.kind === 'delete') return undefined;
        const unique = change.addEntries.filter((entry) => entry.unique);
        const nameOf = (entry: IndexEntry) => [change.tenantId, entry.key, entry.digest].join('\0');
        const taken = unique.find(
          (entry) => (this.#reserved.get(nameOf(entry)) ?? change.customerId) !== change.customerId,
        );
        if (taken !== undefined) return { outcome: 'entry_taken', index, key: taken.key };
        for (const entry of unique) this.#reserved.set(nameOf(entry), change.customerId);
        return super.entryConflict(change, index);
      }

      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const result = await super.commitChanges(changes);
        if (result.outcome === 'committed') this.#reserved.clear();
        return result;
      }
    },
  },
  {
    fault: 'a refused commit keeps the ids that it reserved',
    breaks: 'conflicts/released',
    Repository: class extends TableRepository {
      readonly #reserved = new Set<string>();

      protected override profileConflict(change: TableChange, index: number): CommitResult | undefined {
        const name = `${change.tenantId} ${change.customerId}`;
        if (change.kind === 'create' && this.#reserved.has(name)) return { outcome: 'id_taken', index };
        if (change.kind === 'create') this.#reserved.add(name);
        return super.profileConflict(change, index);
      }

      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const result = await super.commitChanges(changes);
        if (result.outcome === 'committed') this.#reserved.clear();
        return result;
      }
    },
  },
  {
    fault: 'a refused commit releases the unique entries that it would have removed',
    breaks: 'conflicts/released',
    Repository: class extends TableRepository {
      readonly #released = new Set<string>();

      protected override removeEntries(change: TableChange): void {
        super.removeEntries(change);
        if (!('removeEntries' in change)) return;
        for (const { key, digest } of change.removeEntries)
          this.#released.add([change.tenantId, key, digest].join(' '));
      }

      protected override isTaken(entry: IndexEntry, change: TableChange): boolean {
        if (this.#released.has([change.tenantId, entry.key, entry.digest].join(' '))) return false;
        return super.isTaken(entry, change);
      }

      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const result = await super.commitChanges(changes);
        if (result.outcome === 'committed') this.#released.clear();
        return result;
      }
    },
  },
  {
    fault: 'entries are in the row of their profile, and dropEntries writes back rows read a turn before',
    breaks: 'drop-entries/writers',
    Repository: class extends TableRepository {
      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        const dropped = this.entriesToDrop(tenantId, key, limit);
        const { profiles } = this;
        await setImmediate();
        const left = this.without(dropped);
        const count = this.entries.length - left.length;
        this.entries = left;
        const ids = new Set(dropped.map((row) => row.customerId));
        this.profiles = this.profiles.map((row) => {
          const old = profiles.find((one) => this.isProfile(one, row.tenantId, row.profile.customerId, 'update'));
          return row.tenantId === tenantId && ids.has(row.profile.customerId) && old !== undefined ? old : row;
        });
        return count;
      }
    },
  },
  {
    fault: 'dropEntries increments the revision of each profile that loses an entry',
    breaks: 'drop-entries/writers',
    Repository: class extends TableRepository {
      #writing = 0;

      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        this.#writing++;
        const copies = this.copyIn(changes);
        await setImmediate();
        this.#writing--;
        return super.commitChanges(copies);
      }

      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        const ids = new Set(this.entriesToDrop(tenantId, key, limit).map((row) => row.customerId));
        // Only where a writer is under way, as a lock by revision would do.
        if (this.#writing > 0) {
          this.profiles = this.profiles.map((row) =>
            row.tenantId === tenantId && ids.has(row.profile.customerId)
              ? { ...row, profile: { ...row.profile, revision: row.profile.revision + 1 } }
              : row,
          );
        }
        return super.dropEntries(tenantId, key, limit);
      }
    },
  },
  {
    fault: 'a commit fails if an entry that it removes is dropped meanwhile',
    breaks: 'drop-entries/writers',
    Repository: class extends TableRepository {
      protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        const removed = () =>
          copies.flatMap((change) =>
            'removeEntries' in change
              ? change.removeEntries.filter((entry) => this.entries.some((row) => this.isEntryOf(row, entry, change)))
              : [],
          ).length;
        const before = removed();
        await setImmediate();
        if (removed() !== before) throw new Error('the number of removed entries differs');
        return super.commitChanges(copies);
      }
    },
  },
];
