import { setImmediate } from 'node:timers/promises';
import type { Change, IndexEntry } from 'dossier';
import type { Fault } from '../fault.js';
import { type EntryRow, TableRepository } from '../table-repository.js';

export const dropFaults: readonly Fault[] = [
  {
    fault: 'all entries of one value are dropped together, beyond the limit',
    breaks: 'drop-entries/many',
    Repository: class extends TableRepository {
      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        const ofKey = this.entries.filter((row) => row.tenantId === tenantId && row.key === key);
        const digests = new Set(ofKey.slice(0, limit).map((row) => row.digest));
        const dropped = new Set(ofKey.filter((row) => digests.has(row.digest)));
        this.entries = this.entries.filter((row) => !dropped.has(row));
        return dropped.size;
      }
    },
  },
  {
    fault: 'entries to drop are counted some time before they are removed',
    breaks: 'drop-entries/racing',
    Repository: class extends TableRepository {
      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        const dropped = this.entries.filter((row) => row.tenantId === tenantId && row.key === key).slice(0, limit);
        await setImmediate();
        this.entries = this.entries.filter((row) => !dropped.includes(row));
        return dropped.length;
      }
    },
  },
  {
    fault: 'dropping entries takes back what others have added meanwhile',
    breaks: 'drop-entries/racing',
    Repository: class extends TableRepository {
      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        const dropped = this.entries.filter((row) => row.tenantId === tenantId && row.key === key).slice(0, limit);
        const left = this.entries.filter((row) => !dropped.includes(row));
        await setImmediate();
        this.entries = left;
        return dropped.length;
      }
    },
  },
  {
    fault: 'what entries a profile has is kept beside the index, and a dropped one passes for there',
    breaks: 'drop-entries/again',
    Repository: class extends TableRepository {
      readonly #had = new Set<string>();

      protected override addEntries(change: Change): void {
        if (change.kind === 'delete') return;
        const missing = change.addEntries.filter((entry) => !this.#had.has(nameOf(change, entry)));
        super.addEntries({ ...change, addEntries: missing });
        for (const entry of change.addEntries) this.#had.add(nameOf(change, entry));
      }

      protected override removeEntries(change: Change): void {
        super.removeEntries(change);
        if (!('removeEntries' in change)) return;
        for (const entry of change.removeEntries) this.#had.delete(nameOf(change, entry));
      }
    },
  },
  {
    fault: 'a dropped unique entry stays reserved for who had it',
    breaks: 'drop-entries/free',
    Repository: class extends TableRepository {
      readonly #dropped: EntryRow[] = [];

      override dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        this.#dropped.push(...this.entries.filter((row) => row.tenantId === tenantId && row.key === key && row.unique));
        return super.dropEntries(tenantId, key, limit);
      }

      protected override isTaken(entry: IndexEntry, change: Change): boolean {
        const { tenantId, customerId } = change;
        const isReserved = this.#dropped.some(
          (row) => row.tenantId === tenantId && row.customerId !== customerId && this.isEntry(row, entry),
        );
        return isReserved || super.isTaken(entry, change);
      }
    },
  },
];

function nameOf({ tenantId, customerId }: Change, { key, digest }: IndexEntry): string {
  return [tenantId, customerId, key, digest].join('\0');
}
