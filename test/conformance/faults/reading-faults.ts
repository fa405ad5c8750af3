import { setImmediate } from 'node:timers/promises';
import type { Change, CommitResult, IndexEntry, Loaded, PageRequest } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { TableRepository } from '../table-repository.js';
import { Turns } from '../turns.js';

/** A repository whose loads without extensions, which are often statements of their own, go wrong. */
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
    fault: 'a load without extensions leaves the segment out',
    breaks: 'load/extensions',
    Repository: loadingWithout(({ profile, ...rest }) => ({
      ...rest,
      profile: profile && { ...profile, segment: undefined },
    })),
  },
  {
    fault: 'a load without extensions leaves the schema version out',
    breaks: 'load/extensions',
    Repository: loadingWithout(({ profile }) => ({ profile })),
  },
  {
    fault: 'a load without extensions answers createdAt as updatedAt',
    breaks: 'load/extensions',
    Repository: loadingWithout(({ profile, ...rest }) => ({
      ...rest,
      profile: profile && { ...profile, updatedAt: profile.createdAt },
    })),
  },
  {
    fault: 'a load without extensions reads the schema version first',
    breaks: 'load/one-instant',
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
    fault: 'load reads the profile, and right after it the schema version',
    breaks: 'load/one-instant',
    Repository: class extends TableRepository {
      override async load(tenantId: string, customerId: string, options: { readonly extensions: boolean }) {
        const { profile } = await super.load(tenantId, customerId, options);
        return { schemaVersion: this.schemaOf(tenantId, 'check schema')?.version, profile };
      }
    },
  },
  {
    fault: 'a page reads attributes and extensions one after the other',
    breaks: 'page/one-instant',
    Repository: class extends TableRepository {
      override async page(tenantId: string, page: PageRequest) {
        const first = await super.page(tenantId, page);
        await setImmediate();
        const later = new Map((await super.page(tenantId, page)).map((profile) => [profile.customerId, profile]));
        return first.map((profile) => ({ ...profile, extensions: later.get(profile.customerId)?.extensions }));
      }
    },
  },
  {
    fault: 'find looks for the ids, and then reads the profiles that are there',
    breaks: 'find/one-instant',
    Repository: class extends TableRepository {
      override async find(tenantId: string, entry: IndexEntry, page: PageRequest & { readonly extensions: boolean }) {
        const found = await super.find(tenantId, entry, page);
        if (!entry.unique) return found;
        await setImmediate();
        const profiles = found.profiles.flatMap(({ customerId }) => {
          const row = this.profiles.find((one) => this.isProfile(one, tenantId, customerId, 'find profile'));
          return row === undefined ? [] : [this.answered(row.profile, page.extensions)];
        });
        return { ...found, profiles };
      }
    },
  },
  {
    fault: 'a schema is read after its version',
    breaks: 'schema/one-instant',
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
    fault: `${method} joins one that is under way and has read already`,
    breaks: `${method}/acknowledged`,
    Repository: class extends TableRepository {
      readonly #underWay = new Map<string, Promise<unknown>>();

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
        const known = this.#underWay.get(name) ?? this.#begun(name, read);
        return structuredClone((await known) as T);
      }

      #begun(name: string, read: () => Promise<unknown>): Promise<unknown> {
        const reading = read().then(async (answer) => {
          await setImmediate();
          this.#underWay.delete(name);
          return answer;
        });
        this.#underWay.set(name, reading);
        return reading;
      }
    },
  })),
  {
    fault: 'a commit is seen before it is refused',
    breaks: 'load/one-instant',
    Repository: class extends TableRepository {
      readonly #commits = new Turns();

      override commit(changes: readonly Change[]): Promise<CommitResult> {
        const copies = this.copyIn(changes);
        // Commits wait for each other; readers do not.
        return this.#commits.take(() => this.#commitAfterAll(copies));
      }

      async #commitAfterAll(changes: readonly Change[]): Promise<CommitResult> {
        const before = this.snapshot();
        const result = await super.commit(changes);
        if (!('index' in result)) return result;
        for (const change of changes.slice(0, result.index)) this.carryOut(change);
        await setImmediate();
        this.restore(before);
        return result;
      }
    },
  },
];
