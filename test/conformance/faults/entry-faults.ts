import type { IndexEntry } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type EntryRow, type TableChange, TableRepository } from '../table-repository.js';

function beginsWith(text: string, beginning: string): boolean {
  return text.startsWith(beginning);
}

/** Compares like `LIKE`. */
function isLike(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`).test(text);
}

export const entryFaults: readonly Fault[] = [
  {
    fault: 'at most a thousand entries are dropped per call',
    breaks: 'drop-entries/many',
    Repository: class extends TableRepository {
      override dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        return super.dropEntries(tenantId, key, Math.min(limit, 1_000));
      }
    },
  },
  ...[
    { fault: 'entries of keys that begin with the dropped key are dropped, too', isDropped: beginsWith },
    { fault: 'the dropped key is treated as a pattern', isDropped: isLike },
  ].map(({ fault, isDropped }) => ({
    fault,
    breaks: 'drop-entries/bytes',
    Repository: class extends TableRepository {
      protected override isToDrop(row: EntryRow, tenantId: string, key: string): boolean {
        return row.tenantId === tenantId && isDropped(row.key, key);
      }
    },
  })),
  {
    fault: 'a deletion does not remove entries',
    breaks: 'delete/',
    Repository: class extends TableRepository {
      protected override removeEntries(change: TableChange): void {
        if (change.kind !== 'delete') super.removeEntries(change);
      }
    },
  },
  {
    fault: 'an update does not remove entries',
    breaks: 'entries/update',
    Repository: class extends TableRepository {
      protected override removeEntries(change: TableChange): void {
        if (change.kind !== 'update') super.removeEntries(change);
      }
    },
  },
  {
    fault: 'an update removes all entries of the profile',
    breaks: 'entries/update',
    Repository: class extends TableRepository {
      protected override removeEntries(change: TableChange): void {
        super.removeEntries(change.kind === 'update' ? { ...change, removeEntries: this.entries } : change);
      }
    },
  },
  {
    fault: 'an update does not add entries',
    breaks: 'entries/update',
    Repository: class extends TableRepository {
      protected override addEntries(change: TableChange): void {
        if (change.kind !== 'update') super.addEntries(change);
      }
    },
  },
  {
    fault: 'removing an entry removes it from every profile',
    breaks: 'entries/remove-missing',
    Repository: class extends TableRepository {
      protected override removeEntries(change: TableChange): void {
        if (change.kind === 'create' || change.kind === 'index') return;
        this.entries = this.entries.filter(
          (row) => row.tenantId !== change.tenantId || !change.removeEntries.some((entry) => this.isEntry(row, entry)),
        );
      }
    },
  },
  {
    fault: 'unique entries are not enforced (R19)',
    breaks: 'entries/unique',
    Repository: class extends TableRepository {
      protected override isTaken(): boolean {
        return false;
      }
    },
  },
  {
    fault: 'non-unique entries are treated as unique',
    breaks: 'entries/non-unique',
    Repository: class extends TableRepository {
      protected override copyIn<T>(value: T): T {
        return JSON.parse(JSON.stringify(value).replaceAll('"unique":false', '"unique":true'));
      }
    },
  },
  {
    fault: 'a unique entry is refused to its own holder',
    breaks: 'entries/own',
    Repository: class extends TableRepository {
      protected override isTaken(entry: IndexEntry, { tenantId }: TableChange): boolean {
        return this.entries.some((row) => row.tenantId === tenantId && this.isEntry(row, entry));
      }
    },
  },
  {
    fault: 'an entry that is added again is stored twice',
    breaks: 'entries/own',
    Repository: class extends TableRepository {
      protected override isEntryOf(): boolean {
        return false;
      }
    },
  },
  {
    fault: 'index changes do not check unique entries',
    breaks: 'index/entry-taken',
    Repository: class extends TableRepository {
      protected override isTaken(entry: IndexEntry, change: TableChange): boolean {
        return change.kind !== 'index' && super.isTaken(entry, change);
      }
    },
  },
  {
    fault: 'keys are compared without case',
    breaks: 'entries/bytes',
    Repository: class extends TableRepository {
      protected override isKey(stored: string, key: string): boolean {
        return stored.toLowerCase() === key.toLowerCase();
      }
    },
  },
  {
    fault: 'trailing spaces of keys are ignored',
    breaks: 'entries/bytes',
    Repository: class extends TableRepository {
      protected override isKey(stored: string, key: string): boolean {
        return stored.trimEnd() === key.trimEnd();
      }
    },
  },
  {
    fault: 'digests are truncated to 60 digits',
    breaks: 'entries/bytes',
    Repository: class extends TableRepository {
      protected override isEntry(row: EntryRow, entry: Pick<IndexEntry, 'key' | 'digest'>): boolean {
        return row.key === entry.key && row.digest.slice(0, 60) === entry.digest.slice(0, 60);
      }
    },
  },
  {
    fault: 'an entry is found by its digest under any key',
    breaks: 'find/no-match',
    Repository: class extends TableRepository {
      protected override isEntry(row: EntryRow, entry: Pick<IndexEntry, 'key' | 'digest'>): boolean {
        return row.digest === entry.digest;
      }
    },
  },
  {
    fault: 'dropEntries drops entries of other keys, too',
    breaks: 'drop-entries/all',
    Repository: class extends TableRepository {
      override async dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        const dropped = await super.dropEntries(tenantId, key, limit);
        if (dropped > 0) this.entries = this.entries.filter((row) => row.tenantId !== tenantId);
        return dropped;
      }
    },
  },
  {
    fault: 'dropEntries ignores the limit',
    breaks: 'drop-entries/limit',
    Repository: class extends TableRepository {
      override dropEntries(tenantId: string, key: string): Promise<number> {
        return super.dropEntries(tenantId, key, Number.POSITIVE_INFINITY);
      }
    },
  },
];
