import type { Change, IndexEntry } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type EntryRow, TableRepository } from '../table-repository.js';

function beginsWith(text: string, beginning: string): boolean {
  return text.startsWith(beginning);
}

/** As `LIKE` compares. */
function isLike(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`).test(text);
}

export const entryFaults: readonly Fault[] = [
  {
    fault: 'no more than a thousand entries are dropped at a time, whatever the limit',
    breaks: 'drop-entries/many',
    Repository: class extends TableRepository {
      override dropEntries(tenantId: string, key: string, limit: number): Promise<number> {
        return super.dropEntries(tenantId, key, Math.min(limit, 1_000));
      }
    },
  },
  ...[
    { fault: 'the entries of keys that begin with the dropped one go, too', isDropped: beginsWith },
    { fault: 'the dropped key is taken for a pattern', isDropped: isLike },
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
    fault: 'entries are left behind at a deletion',
    breaks: 'delete/',
    Repository: class extends TableRepository {
      protected override removeEntries(change: Change): void {
        if (change.kind !== 'delete') super.removeEntries(change);
      }
    },
  },
  {
    fault: 'entries are left behind at an update',
    breaks: 'entries/update',
    Repository: class extends TableRepository {
      protected override removeEntries(change: Change): void {
        if (change.kind !== 'update') super.removeEntries(change);
      }
    },
  },
  {
    fault: 'an update removes all entries of the profile first',
    breaks: 'entries/update',
    Repository: class extends TableRepository {
      protected override removeEntries(change: Change): void {
        super.removeEntries(change.kind === 'update' ? { ...change, removeEntries: this.entries } : change);
      }
    },
  },
  {
    fault: 'an update does not add entries',
    breaks: 'entries/update',
    Repository: class extends TableRepository {
      protected override addEntries(change: Change): void {
        if (change.kind !== 'update') super.addEntries(change);
      }
    },
  },
  {
    fault: 'removing an entry takes it from every profile',
    breaks: 'entries/remove-missing',
    Repository: class extends TableRepository {
      protected override removeEntries(change: Change): void {
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
    fault: 'plain entries are taken for unique ones',
    breaks: 'entries/plain',
    Repository: class extends TableRepository {
      protected override copyIn<T>(value: T): T {
        return JSON.parse(JSON.stringify(value).replaceAll('"unique":false', '"unique":true'));
      }
    },
  },
  {
    fault: 'a unique entry is refused to the profile that has it',
    breaks: 'entries/own',
    Repository: class extends TableRepository {
      protected override isTaken(entry: IndexEntry, { tenantId }: Change): boolean {
        return this.entries.some((row) => row.tenantId === tenantId && this.isEntry(row, entry));
      }
    },
  },
  {
    fault: 'an entry that is added again is there twice',
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
      protected override isTaken(entry: IndexEntry, change: Change): boolean {
        return change.kind !== 'index' && super.isTaken(entry, change);
      }
    },
  },
  {
    fault: 'keys are compared without case',
    breaks: 'entries/bytes',
    Repository: class extends TableRepository {
      protected override isKey(ofRow: string, key: string): boolean {
        return ofRow.toLowerCase() === key.toLowerCase();
      }
    },
  },
  {
    fault: 'trailing spaces of keys are ignored',
    breaks: 'entries/bytes',
    Repository: class extends TableRepository {
      protected override isKey(ofRow: string, key: string): boolean {
        return ofRow.trimEnd() === key.trimEnd();
      }
    },
  },
  {
    fault: 'digests are cut to 60 digits',
    breaks: 'entries/bytes',
    Repository: class extends TableRepository {
      protected override isEntry(row: EntryRow, entry: Pick<IndexEntry, 'key' | 'digest'>): boolean {
        return row.key === entry.key && row.digest.slice(0, 60) === entry.digest.slice(0, 60);
      }
    },
  },
  {
    fault: 'an entry is found by its digest under any key',
    breaks: 'find/nobody',
    Repository: class extends TableRepository {
      protected override isEntry(row: EntryRow, entry: Pick<IndexEntry, 'key' | 'digest'>): boolean {
        return row.digest === entry.digest;
      }
    },
  },
  {
    fault: 'dropEntries drops other keys, too',
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
    fault: 'dropEntries takes no notice of the limit',
    breaks: 'drop-entries/limit',
    Repository: class extends TableRepository {
      override dropEntries(tenantId: string, key: string): Promise<number> {
        return super.dropEntries(tenantId, key, Number.POSITIVE_INFINITY);
      }
    },
  },
];
