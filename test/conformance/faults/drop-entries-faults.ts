import { setImmediate } from 'node:timers/promises';
import type { CommitResult, IndexEntry } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type EntryRow, type TableChange, TableRepository } from '../table-repository.js';

export const dropEntriesFaults: readonly Fault[] = [
  {
    fault: 'all entries with one digest are dropped together, beyond the limit',
    breaks: 'drop-entries/many',
    Repository: class extends TableRepository {
      protected override entriesToDrop(tenantId: string, key: string, limit: number): readonly EntryRow[] {
        const digests = new Set(super.entriesToDrop(tenantId, key, limit).map((row) => row.digest));
        return this.entries.filter((row) => this.isToDrop(row, tenantId, key) && digests.has(row.digest));
      }
    },
  },
  {
    fault: 'at most five thousand entries are dropped per call',
    breaks: 'drop-entries/many',
    Repository: class extends TableRepository {
      override dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        return super.dropEntries(tenantId, key, Math.min(limit, 5_000));
      }
    },
  },
  {
    fault: 'a commit cannot add more entries than a statement has parameters',
    breaks: 'drop-entries/many',
    Repository: class extends TableRepository {
      protected override commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const added = changes.flatMap((change) => ('addEntries' in change ? change.addEntries : []));
        if (added.length * 4 > 65_535) throw new Error('too many parameters');
        return super.commitChanges(changes);
      }
    },
  },
  {
    fault: 'entries whose digest begins with the last digit remain',
    breaks: 'drop-entries/digests',
    Repository: class extends TableRepository {
      protected override isToDrop(row: EntryRow, tenantId: string, key: string): boolean {
        return super.isToDrop(row, tenantId, key) && row.digest < 'f';
      }
    },
  },
  ...['#', '!', '"', '(', '=', '@', '^', '{', '`', "'", ' '].map((sign) => ({
    fault: `entries are dropped by a name prefix that ends with ${JSON.stringify(sign)}`,
    breaks: 'drop-entries/bytes',
    Repository: class extends TableRepository {
      protected override isToDrop(row: EntryRow, tenantId: string, key: string): boolean {
        return [row.tenantId, row.key, row.digest].join(sign).startsWith([tenantId, key, ''].join(sign));
      }
    },
  })),
  {
    fault: 'names begin with the key, before the tenant, and end it with a comma',
    breaks: 'drop-entries/bytes',
    Repository: class extends TableRepository {
      protected override isToDrop(row: EntryRow, tenantId: string, key: string): boolean {
        return `${row.key},${row.tenantId},${row.digest}`.startsWith(`${key},${tenantId},`);
      }
    },
  },
  {
    fault: 'entries to drop are counted a turn before they are removed',
    breaks: 'drop-entries/racing',
    Repository: class extends TableRepository {
      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        const dropped = this.entriesToDrop(tenantId, key, limit);
        await setImmediate();
        this.entries = this.without(dropped);
        return dropped.length;
      }
    },
  },
  {
    fault: 'entries dropped concurrently make the call return fewer than the limit',
    breaks: 'drop-entries/racing',
    Repository: class extends TableRepository {
      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        const chosen = this.entriesToDrop(tenantId, key, limit);
        await setImmediate();
        const left = this.without(chosen);
        const dropped = this.entries.length - left.length;
        this.entries = left;
        return dropped;
      }
    },
  },
  {
    fault: 'dropEntries always returns the limit',
    breaks: 'drop-entries/racing',
    Repository: class extends TableRepository {
      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        await super.dropEntries(tenantId, key, limit);
        return limit;
      }
    },
  },
  {
    fault: 'dropEntries undoes concurrent additions',
    breaks: 'drop-entries/racing',
    Repository: class extends TableRepository {
      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        const dropped = this.entriesToDrop(tenantId, key, limit);
        const left = this.without(dropped);
        await setImmediate();
        this.entries = left;
        return dropped.length;
      }
    },
  },
  {
    fault: 'a cache of the entries of a profile still holds dropped ones',
    breaks: 'drop-entries/re-added',
    Repository: class extends TableRepository {
      readonly #had = new Set<string>();

      protected override addEntries(change: TableChange): void {
        if (change.kind === 'delete') return;
        const missing = change.addEntries.filter((entry) => !this.#had.has(nameOf(change, entry)));
        super.addEntries({ ...change, addEntries: missing });
        for (const entry of change.addEntries) this.#had.add(nameOf(change, entry));
      }

      protected override removeEntries(change: TableChange): void {
        super.removeEntries(change);
        if (!('removeEntries' in change)) return;
        for (const entry of change.removeEntries) this.#had.delete(nameOf(change, entry));
      }
    },
  },
  {
    fault: 'a dropped unique entry stays reserved for its holder',
    breaks: 'drop-entries/released',
    Repository: class extends TableRepository {
      readonly #dropped: EntryRow[] = [];

      override dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        this.#dropped.push(...this.entries.filter((row) => row.tenantId === tenantId && row.key === key && row.unique));
        return super.dropEntries(tenantId, key, limit);
      }

      protected override isTaken(entry: IndexEntry, change: TableChange): boolean {
        const { tenantId, customerId } = change;
        const isReserved = this.#dropped.some(
          (row) => row.tenantId === tenantId && row.customerId !== customerId && this.isEntry(row, entry),
        );
        return isReserved || super.isTaken(entry, change);
      }
    },
  },
];

function nameOf({ tenantId, customerId }: TableChange, { key, digest }: IndexEntry): string {
  return [tenantId, customerId, key, digest].join('\0');
}
