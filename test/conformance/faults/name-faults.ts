import type { IndexEntry, PageRequest } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type EntryRow, type TableChange, TableRepository } from '../table-repository.js';

/** A repository that checks the holder of a unique entry with a faulty comparison. */
function owning(isOwn: (stored: string, customerId: string) => boolean): new () => TableRepository {
  return class extends TableRepository {
    protected override isTaken(entry: IndexEntry, { tenantId, customerId }: TableChange): boolean {
      return this.entries.some(
        (row) => row.tenantId === tenantId && this.isEntry(row, entry) && !isOwn(row.customerId, customerId),
      );
    }
  };
}

/** A repository that removes entries of other profiles, because it compares the holder with a faulty comparison. */
function removing(isOwn: (stored: string, customerId: string) => boolean): new () => TableRepository {
  return class extends TableRepository {
    protected override removeEntries(change: TableChange): void {
      if (!('removeEntries' in change)) return;
      this.entries = this.entries.filter(
        (row) =>
          row.tenantId !== change.tenantId ||
          !isOwn(row.customerId, change.customerId) ||
          !change.removeEntries.some((entry) => this.isEntry(row, entry)),
      );
    }
  };
}

/** A repository that uses a name internally, and so loses data with this name. */
function reserving(name: string, what: 'isId' | 'isKey' | 'isTenant'): new () => TableRepository {
  return class extends TableRepository {
    constructor() {
      super();
      this[what] = (stored: string, asked: string) => stored === asked && asked !== name;
    }
  };
}

type KeyStep = 'isTaken' | 'addEntries' | 'removeEntries' | 'dropEntries' | 'find';

/** A repository with a faulty comparison of keys in one step. */
function comparingKeys(step: KeyStep, isSame: (stored: string, key: string) => boolean): new () => TableRepository {
  return class extends TableRepository {
    #faulty = false;

    constructor() {
      super();
      const correct = this[step] as (...args: unknown[]) => unknown;
      const faulty = (...args: unknown[]): unknown => {
        this.#faulty = true;
        try {
          return correct.apply(this, args);
        } finally {
          this.#faulty = false;
        }
      };
      Object.assign(this, { [step]: faulty });
    }

    protected override isKey(stored: string, key: string): boolean {
      return this.#faulty ? isSame(stored, key) : stored === key;
    }
  };
}

const KEY_STEPS: readonly KeyStep[] = ['isTaken', 'addEntries', 'removeEntries', 'dropEntries', 'find'];
const KEY_COMPARISONS: Readonly<Record<string, (stored: string, key: string) => boolean>> = {
  'without case': (stored, key) => stored.toLowerCase() === key.toLowerCase(),
  'by prefix': (stored, key) => stored.startsWith(key),
  'as numbers': (stored, key) => stored === key || Number(stored) === Number(key),
};

/** A repository that concatenates names and truncates the result. */
function cutting(length: number): new () => TableRepository {
  return class extends TableRepository {
    protected override isEntryOf(row: EntryRow, entry: IndexEntry, { tenantId, customerId }: TableChange): boolean {
      const nameOf = (tenant: string, { key, digest }: Pick<IndexEntry, 'key' | 'digest'>, id: string) =>
        `${tenant}/${key}/${digest}/${id}`.slice(0, length);
      return nameOf(row.tenantId, row, row.customerId) === nameOf(tenantId, entry, customerId);
    }
  };
}

export const nameFaults: readonly Fault[] = [
  {
    fault: 'a holder is compared by prefix: the stored id begins with the given one',
    breaks: 'entries/ids',
    Repository: owning((stored, customerId) => stored.startsWith(customerId)),
  },
  {
    fault: 'a holder is compared by prefix: the given id begins with the stored one',
    breaks: 'entries/ids',
    Repository: owning((stored, customerId) => customerId.startsWith(stored)),
  },
  {
    fault: 'a holder is compared without case',
    breaks: 'entries/ids',
    Repository: owning((stored, customerId) => stored.toLowerCase() === customerId.toLowerCase()),
  },
  {
    fault: 'entries are removed from all profiles whose ids begin with the given one',
    breaks: 'entries/ids',
    Repository: removing((stored, customerId) => stored.startsWith(customerId)),
  },
  {
    fault: 'entries are removed from all profiles whose ids differ in case only',
    breaks: 'entries/ids',
    Repository: removing((stored, customerId) => stored.toLowerCase() === customerId.toLowerCase()),
  },
  ...[191, 255].map((length) => ({
    fault: `concatenated names are truncated to ${length} characters`,
    breaks: 'entries/longest',
    Repository: cutting(length),
  })),
  {
    fault: 'keys are truncated to 99 characters',
    breaks: 'entries/bytes',
    Repository: class extends TableRepository {
      protected override isKey(stored: string, key: string): boolean {
        return stored.slice(0, 99) === key.slice(0, 99);
      }
    },
  },
  ...KEY_STEPS.flatMap((step) =>
    Object.entries(KEY_COMPARISONS).map(([how, isSame]) => ({
      fault: `${step} compares keys ${how}`,
      breaks: 'entries/bytes',
      Repository: comparingKeys(step, isSame),
    })),
  ),
  {
    fault: 'tenant ids are truncated to 63 characters',
    breaks: 'tenants/bytes',
    Repository: class extends TableRepository {
      protected override isTenant(stored: string, tenantId: string): boolean {
        return stored.slice(0, 63) === tenantId.slice(0, 63);
      }
    },
  },
  {
    fault: 'digests are compared as numbers',
    breaks: 'entries/bytes',
    Repository: class extends TableRepository {
      protected override isEntry(row: EntryRow, { key, digest }: Pick<IndexEntry, 'key' | 'digest'>): boolean {
        return row.key === key && (row.digest === digest || Number(row.digest) === Number(digest));
      }
    },
  },
  {
    fault: 'digests are decoded as UTF-8 text',
    breaks: 'entries/bytes',
    Repository: class extends TableRepository {
      protected override isEntry(row: EntryRow, { key, digest }: Pick<IndexEntry, 'key' | 'digest'>): boolean {
        return row.key === key && Buffer.from(row.digest, 'hex').toString() === Buffer.from(digest, 'hex').toString();
      }
    },
  },
  {
    fault: 'the holder of a unique entry is compared with `after` by a locale',
    breaks: 'find/unique',
    Repository: class extends TableRepository {
      override async find(tenantId: string, entry: IndexEntry, page: PageRequest & { readonly extensions: boolean }) {
        const { after = '', ...rest } = page;
        if (!entry.unique) return super.find(tenantId, entry, page);
        const { profiles, ...found } = await super.find(tenantId, entry, rest);
        return { ...found, profiles: profiles.filter(({ customerId }) => customerId.localeCompare(after) > 0) };
      }
    },
  },
  {
    fault: 'load of a missing id returns the next id that begins with it',
    breaks: 'round-trip/ids',
    Repository: class extends TableRepository {
      override async load(tenantId: string, customerId: string, options: { readonly extensions: boolean }) {
        const loaded = await super.load(tenantId, customerId, options);
        if (loaded.profile !== undefined) return loaded;
        const next = this.profiles.find(
          (row) => row.tenantId === tenantId && row.profile.customerId.startsWith(customerId),
        );
        return { ...loaded, profile: next && this.toResult(next.profile, options.extensions) };
      }
    },
  },
  ...(['update', 'delete'] as const).map((statement) => ({
    fault: `the ${statement} statement compares customer ids as patterns`,
    breaks: 'round-trip/ids',
    Repository: class extends TableRepository {
      protected override isProfile(...[row, tenantId, customerId, asked]: Parameters<TableRepository['isProfile']>) {
        if (asked !== statement) return super.isProfile(row, tenantId, customerId, asked);
        const pattern = new RegExp(`^${customerId.replaceAll('_', '.')}$`);
        return row.tenantId === tenantId && pattern.test(row.profile.customerId);
      }
    },
  })),
  { fault: 'the customer id "schema" is reserved', breaks: 'round-trip/ids', Repository: reserving('schema', 'isId') },
  { fault: 'the customer id ".abc" is reserved', breaks: 'round-trip/ids', Repository: reserving('.abc', 'isId') },
  { fault: 'the key "profiles" is reserved', breaks: 'entries/bytes', Repository: reserving('profiles', 'isKey') },
  { fault: 'the tenant ".." is reserved', breaks: 'tenants/bytes', Repository: reserving('..', 'isTenant') },
  {
    fault: 'key and tenant are compared concatenated',
    breaks: 'tenants/composed',
    Repository: class extends TableRepository {
      protected override isEntryOf(row: EntryRow, entry: IndexEntry, { tenantId, customerId }: TableChange): boolean {
        const isComposed = `${row.key}.${row.tenantId}` === `${entry.key}.${tenantId}`;
        return isComposed && row.digest === entry.digest && row.customerId === customerId;
      }
    },
  },
];
