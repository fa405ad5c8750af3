import { setImmediate } from 'node:timers/promises';
import type { Change, CommitResult, IndexEntry } from 'dossier';
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
    fault: 'no more than five thousand entries are dropped at a time',
    breaks: 'drop-entries/many',
    Repository: class extends TableRepository {
      override dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        return super.dropEntries(tenantId, key, Math.min(limit, 5_000));
      }
    },
  },
  {
    fault: 'a commit adds no more entries than a statement may have parameters',
    breaks: 'drop-entries/many',
    Repository: class extends TableRepository {
      override commit(changes: readonly Change[]): Promise<CommitResult> {
        const added = changes.flatMap((change) => ('addEntries' in change ? change.addEntries : []));
        if (added.length * 4 > 65_535) throw new Error('too many parameters');
        return super.commit(changes);
      }
    },
  },
  {
    fault: 'entries whose digests begin with the last digit stay',
    breaks: 'drop-entries/digests',
    Repository: class extends TableRepository {
      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        const dropped = this.entries
          .filter((row) => row.tenantId === tenantId && row.key === key && row.digest < 'f')
          .slice(0, limit);
        this.entries = this.entries.filter((row) => !dropped.includes(row));
        return dropped.length;
      }
    },
  },
  ...['#', '!', '"', '(', '=', '@', '^', '{', '`', "'", ' '].map((sign) => ({
    fault: `entries are dropped by what their names begin with, up to a ${sign}`,
    breaks: 'drop-entries/bytes',
    Repository: class extends TableRepository {
      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        const nameOfRow = (row: EntryRow) => [row.tenantId, row.key, row.digest].join(sign);
        const dropped = this.entries
          .filter((row) => nameOfRow(row).startsWith([tenantId, key, ''].join(sign)))
          .slice(0, limit);
        this.entries = this.entries.filter((row) => !dropped.includes(row));
        return dropped.length;
      }
    },
  })),
  {
    fault: 'keys stand before tenants in names, and the end of a key is a comma',
    breaks: 'drop-entries/bytes',
    Repository: class extends TableRepository {
      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        const dropped = this.entries
          .filter((row) => `${row.key},${row.tenantId},${row.digest}`.startsWith(`${key},${tenantId},`))
          .slice(0, limit);
        this.entries = this.entries.filter((row) => !dropped.includes(row));
        return dropped.length;
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
    fault: 'entries that another drops at the same time count as the end',
    breaks: 'drop-entries/racing',
    Repository: class extends TableRepository {
      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        const chosen = this.entries.filter((row) => row.tenantId === tenantId && row.key === key).slice(0, limit);
        await setImmediate();
        const left = this.entries.filter((row) => !chosen.includes(row));
        const dropped = this.entries.length - left.length;
        this.entries = left;
        return dropped;
      }
    },
  },
  {
    fault: 'dropEntries answers the limit, and so never comes to an end',
    breaks: 'drop-entries/racing',
    Repository: class extends TableRepository {
      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        await super.dropEntries(tenantId, key, limit);
        return limit;
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
