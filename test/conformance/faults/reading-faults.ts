import { setImmediate } from 'node:timers/promises';
import type { CommitResult, FindRequest, IndexEntry, Loaded, PageRequest } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { createMutex } from '../mutex.js';
import { type TableChange, TableRepository } from '../table-repository.js';

/** A repository with faulty loads without extensions, which are often separate statements. */
function loadingWithout(spoil: (loaded: Loaded) => Loaded): new () => TableRepository {
  return class extends TableRepository {
    override async load(tenantId: string, customerId: string, options: { readonly extensions: boolean }) {
      const loaded = await super.load(tenantId, customerId, options);
      return options.extensions || loaded.profile === undefined ? loaded : spoil(loaded);
    }
  };
}

export const readingFaults: readonly Fault[] = [
  {
    fault: 'find without documents omits the segment',
    breaks: 'find/documents',
    Repository: class extends TableRepository {
      override async find(tenantId: string, entry: IndexEntry, page: FindRequest) {
        const { profiles, ...found } = await super.find(tenantId, entry, page);
        if (page.documents !== false) return { ...found, profiles };
        return { ...found, profiles: profiles.map((profile) => ({ ...profile, segment: undefined })) };
      }
    },
  },
  {
    fault: 'load without extensions omits the segment',
    breaks: 'load/extensions',
    Repository: loadingWithout(({ profile, ...rest }) => ({
      ...rest,
      profile: profile && { ...profile, segment: undefined },
    })),
  },
  {
    fault: 'load without extensions omits the schema version',
    breaks: 'load/extensions',
    Repository: loadingWithout(({ profile }) => ({ profile })),
  },
  {
    fault: 'load without extensions returns createdAt as updatedAt',
    breaks: 'load/extensions',
    Repository: loadingWithout(({ profile, ...rest }) => ({
      ...rest,
      profile: profile && { ...profile, updatedAt: profile.createdAt },
    })),
  },
  {
    fault: 'load without extensions reads the schema version a turn before the profile',
    breaks: 'load/snapshot',
    Repository: class extends TableRepository {
      override async load(tenantId: string, customerId: string, options: { readonly extensions: boolean }) {
        const schemaVersion = this.schemaOf(tenantId, 'check schema')?.version;
        if (options.extensions) return super.load(tenantId, customerId, options);
        await setImmediate();
        return { ...(await super.load(tenantId, customerId, options)), schemaVersion };
      }
    },
  },
  {
    fault: 'load reads the profile and then, in the next microtask, the schema version',
    breaks: 'load/snapshot',
    Repository: class extends TableRepository {
      override async load(tenantId: string, customerId: string, options: { readonly extensions: boolean }) {
        const { profile } = await super.load(tenantId, customerId, options);
        return { schemaVersion: this.schemaOf(tenantId, 'check schema')?.version, profile };
      }
    },
  },
  {
    fault: 'page reads attributes a turn before extensions',
    breaks: 'page/snapshot',
    Repository: class extends TableRepository {
      override async page(tenantId: string, page: PageRequest) {
        const first = await super.page(tenantId, page);
        await setImmediate();
        const again = await super.page(tenantId, page);
        const later = new Map(again.profiles.map((profile) => [profile.customerId, profile.extensions]));
        const profiles = first.profiles.map((profile) => ({ ...profile, extensions: later.get(profile.customerId) }));
        return { ...first, profiles };
      }
    },
  },
  {
    fault: 'find looks up the ids a turn before it reads the profiles',
    breaks: 'find/snapshot',
    Repository: class extends TableRepository {
      override async find(tenantId: string, entry: IndexEntry, page: PageRequest & { readonly extensions: boolean }) {
        const found = await super.find(tenantId, entry, page);
        if (!entry.unique) return found;
        await setImmediate();
        const profiles = found.profiles.flatMap(({ customerId }) => {
          const row = this.profiles.find((one) => this.isProfile(one, tenantId, customerId, 'find profile'));
          return row === undefined ? [] : [this.toResult(row.profile, page.extensions)];
        });
        return { ...found, profiles };
      }
    },
  },
  {
    fault: 'loadSchema reads the version a turn before the schema',
    breaks: 'schema/snapshot',
    Repository: class extends TableRepository {
      override async loadSchema(tenantId: string) {
        const version = (await super.loadSchema(tenantId))?.version;
        await setImmediate();
        const loaded = await super.loadSchema(tenantId);
        return loaded && version ? { ...loaded, version } : undefined;
      }
    },
  },
  ...(['load', 'find', 'page'] as const).map((method) => ({
    fault: `${method} joins a call in flight that has already read`,
    breaks: `${method}/read-your-writes`,
    Repository: class extends TableRepository {
      readonly #inFlight = new Map<string, Promise<unknown>>();

      override load(...args: Parameters<TableRepository['load']>): ReturnType<TableRepository['load']> {
        return this.#joined('load', args, () => super.load(...args));
      }

      override find(...args: Parameters<TableRepository['find']>): ReturnType<TableRepository['find']> {
        return this.#joined('find', args, () => super.find(...args));
      }

      override page(...args: Parameters<TableRepository['page']>): ReturnType<TableRepository['page']> {
        return this.#joined('page', args, () => super.page(...args));
      }

      async #joined<T>(called: string, args: readonly unknown[], read: () => Promise<T>): Promise<T> {
        if (called !== method) return read();
        const name = JSON.stringify(args);
        const known = this.#inFlight.get(name) ?? this.#begun(name, read);
        return structuredClone((await known) as T);
      }

      #begun(name: string, read: () => Promise<unknown>): Promise<unknown> {
        const reading = read().then(async (answer) => {
          await setImmediate();
          this.#inFlight.delete(name);
          return answer;
        });
        this.#inFlight.set(name, reading);
        return reading;
      }
    },
  })),
  {
    fault: 'a refused commit is visible until it is rolled back',
    breaks: 'load/snapshot',
    Repository: class extends TableRepository {
      readonly #oneCommit = createMutex();

      protected override commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        // Commits are serialized; reads are not.
        return this.#oneCommit(() => this.#commitExclusively(copies));
      }

      async #commitExclusively(changes: readonly TableChange[]): Promise<CommitResult> {
        const before = this.snapshot();
        const result = await super.commitChanges(changes);
        if (!('index' in result)) return result;
        for (const change of changes.slice(0, result.index)) this.apply(change);
        await setImmediate();
        this.restore(before);
        return result;
      }
    },
  },
];
