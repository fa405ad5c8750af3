import type { Change, IndexEntry, PageRequest } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type EntryRow, TableRepository } from '../table-repository.js';

/** A repository that tells by a comparison of its own whose an entry is, wherever that is asked. */
function owning(isOwn: (ofRow: string, customerId: string) => boolean): new () => TableRepository {
  return class extends TableRepository {
    protected override isTaken(entry: IndexEntry, { tenantId, customerId }: Change): boolean {
      return this.entries.some(
        (row) => row.tenantId === tenantId && this.isEntry(row, entry) && !isOwn(row.customerId, customerId),
      );
    }
  };
}

/** A repository that takes entries of other profiles along, for it tells whose they are by a comparison of its own. */
function removing(isOwn: (ofRow: string, customerId: string) => boolean): new () => TableRepository {
  return class extends TableRepository {
    protected override removeEntries(change: Change): void {
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

/** A repository that has other uses for a name, and so loses what is called by it. */
function reserving(name: string, what: 'isId' | 'isKey' | 'isTenant'): new () => TableRepository {
  return class extends TableRepository {
    constructor() {
      super();
      this[what] = (ofRow: string, asked: string) => ofRow === asked && asked !== name;
    }
  };
}

type KeyStep = 'isTaken' | 'addEntries' | 'removeEntries' | 'dropEntries' | 'find';

/** A repository that compares keys in a way of its own in one step. */
function comparingKeys(step: KeyStep, isSame: (ofRow: string, key: string) => boolean): new () => TableRepository {
  return class extends TableRepository {
    #careless = false;

    constructor() {
      super();
      const honest = this[step] as (...args: unknown[]) => unknown;
      const careless = (...args: unknown[]): unknown => {
        this.#careless = true;
        try {
          return honest.apply(this, args);
        } finally {
          this.#careless = false;
        }
      };
      Object.assign(this, { [step]: careless });
    }

    protected override isKey(ofRow: string, key: string): boolean {
      return this.#careless ? isSame(ofRow, key) : ofRow === key;
    }
  };
}

const KEY_STEPS: readonly KeyStep[] = ['isTaken', 'addEntries', 'removeEntries', 'dropEntries', 'find'];
const KEY_COMPARISONS: Readonly<Record<string, (ofRow: string, key: string) => boolean>> = {
  'without case': (ofRow, key) => ofRow.toLowerCase() === key.toLowerCase(),
  'by their beginning': (ofRow, key) => ofRow.startsWith(key),
  'as numbers where they look like some': (ofRow, key) => ofRow === key || Number(ofRow) === Number(key),
};

/** A repository that puts names together, and has a limit for how long they may become. */
function cutting(length: number): new () => TableRepository {
  return class extends TableRepository {
    protected override isEntryOf(row: EntryRow, entry: IndexEntry, { tenantId, customerId }: Change): boolean {
      const nameOf = (tenant: string, { key, digest }: Pick<IndexEntry, 'key' | 'digest'>, id: string) =>
        `${tenant}/${key}/${digest}/${id}`.slice(0, length);
      return nameOf(row.tenantId, row, row.customerId) === nameOf(tenantId, entry, customerId);
    }
  };
}

export const nameFaults: readonly Fault[] = [
  {
    fault: 'a profile owns the unique entries of those whose ids begin with its own',
    breaks: 'entries/ids',
    Repository: owning((ofRow, customerId) => ofRow.startsWith(customerId)),
  },
  {
    fault: 'a profile owns the unique entries of those whose ids its own begins with',
    breaks: 'entries/ids',
    Repository: owning((ofRow, customerId) => customerId.startsWith(ofRow)),
  },
  {
    fault: 'who owns a unique entry is told without case',
    breaks: 'entries/ids',
    Repository: owning((ofRow, customerId) => ofRow.toLowerCase() === customerId.toLowerCase()),
  },
  {
    fault: 'entries are removed from all whose ids begin with that of the profile',
    breaks: 'entries/ids',
    Repository: removing((ofRow, customerId) => ofRow.startsWith(customerId)),
  },
  {
    fault: 'entries are removed from all whose ids differ in case alone',
    breaks: 'entries/ids',
    Repository: removing((ofRow, customerId) => ofRow.toLowerCase() === customerId.toLowerCase()),
  },
  ...[191, 255].map((length) => ({
    fault: `names that are put together are cut at ${length} characters`,
    breaks: 'entries/longest',
    Repository: cutting(length),
  })),
  {
    fault: 'keys are cut at 99 characters',
    breaks: 'entries/bytes',
    Repository: class extends TableRepository {
      protected override isKey(ofRow: string, key: string): boolean {
        return ofRow.slice(0, 99) === key.slice(0, 99);
      }
    },
  },
  ...KEY_STEPS.flatMap((step) =>
    Object.entries(KEY_COMPARISONS).map(([how, isSame]) => ({
      fault: `keys are compared ${how} in the step "${step}"`,
      breaks: 'entries/bytes',
      Repository: comparingKeys(step, isSame),
    })),
  ),
  {
    fault: 'tenant ids are cut at 63 characters',
    breaks: 'tenants/bytes',
    Repository: class extends TableRepository {
      protected override isTenant(ofRow: string, tenantId: string): boolean {
        return ofRow.slice(0, 63) === tenantId.slice(0, 63);
      }
    },
  },
  {
    fault: 'digests are compared as numbers where they look like some',
    breaks: 'entries/bytes',
    Repository: class extends TableRepository {
      protected override isEntry(row: EntryRow, { key, digest }: Pick<IndexEntry, 'key' | 'digest'>): boolean {
        return row.key === key && (row.digest === digest || Number(row.digest) === Number(digest));
      }
    },
  },
  {
    fault: 'digests are kept as the text that their bytes are',
    breaks: 'entries/bytes',
    Repository: class extends TableRepository {
      protected override isEntry(row: EntryRow, { key, digest }: Pick<IndexEntry, 'key' | 'digest'>): boolean {
        return row.key === key && Buffer.from(row.digest, 'hex').toString() === Buffer.from(digest, 'hex').toString();
      }
    },
  },
  {
    fault: 'the one profile that has a unique entry is held against the beginning of the page by a locale',
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
    fault: 'where an id is not there, load answers the next one that begins with it',
    breaks: 'round-trip/ids',
    Repository: class extends TableRepository {
      override async load(tenantId: string, customerId: string, options: { readonly extensions: boolean }) {
        const loaded = await super.load(tenantId, customerId, options);
        if (loaded.profile !== undefined) return loaded;
        const next = this.profiles.find(
          (row) => row.tenantId === tenantId && row.profile.customerId.startsWith(customerId),
        );
        return { ...loaded, profile: next && this.answered(next.profile, options.extensions) };
      }
    },
  },
  ...(['update', 'delete'] as const).map((statement) => ({
    fault: `the statement "${statement}" compares customer ids as patterns`,
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
    fault: 'a key and a tenant are compared put together',
    breaks: 'tenants/composed',
    Repository: class extends TableRepository {
      protected override isEntryOf(row: EntryRow, entry: IndexEntry, { tenantId, customerId }: Change): boolean {
        const isComposed = `${row.key}.${row.tenantId}` === `${entry.key}.${tenantId}`;
        return isComposed && row.digest === entry.digest && row.customerId === customerId;
      }
    },
  },
];
