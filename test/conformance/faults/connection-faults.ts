import type { CommitResult, ExtensionsDocument, Found, Loaded, ProfileRepository } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { type TableChange, TableRepository } from '../table-repository.js';

const WRITES = new Set<PropertyKey>(['commit', 'commitSchema', 'dropEntries', 'prune', 'storeServerMode']);

/** A connection that caches the results of a method until it writes itself. */
function caching(method: keyof ProfileRepository): (store: ProfileRepository) => ProfileRepository {
  return (store) => {
    const kept = new Map<string, unknown>();
    return new Proxy(store, {
      get(target, member) {
        const own: unknown = Reflect.get(target, member);
        if (typeof own !== 'function') return own;
        const call = (...args: unknown[]): unknown => Reflect.apply(own, target, args);
        return async (...args: unknown[]) => {
          if (WRITES.has(member)) kept.clear();
          if (member !== method) return call(...args);
          const name = JSON.stringify(args);
          if (!kept.has(name)) kept.set(name, await call(...args));
          return structuredClone(kept.get(name));
        };
      },
    });
  };
}

/** A connection that serializes its own commits, but not with those of other connections. */
function lockingPerConnection(store: ProfileRepository): ProfileRepository {
  let latest: Promise<unknown> = Promise.resolve();
  const commit: ProfileRepository['commit'] = (tenantId, changes, options) => {
    const copies = structuredClone(changes);
    const committing = latest.then(async () => {
      const [change] = copies;
      if (change?.kind !== 'update') return store.commit(tenantId, copies, options);
      const { customerId, expectedRevision } = change;
      const { profile } = await store.load(tenantId, customerId, { extensions: false });
      await new Promise((resolve) => setImmediate(resolve));
      if (profile?.revision !== expectedRevision) return store.commit(tenantId, copies, options);
      // The revision that was read a turn ago is not compared again.
      const { revision } = (await store.load(tenantId, customerId, { extensions: false })).profile ?? profile;
      return store.commit(tenantId, [{ ...change, expectedRevision: revision }, ...copies.slice(1)], options);
    });
    latest = committing;
    return committing;
  };
  return replacing(store, { commit });
}

/** A connection that runs one statement at a time, and loads with two: the profile, then the schema version. */
function loadingInTwoReads(store: ProfileRepository): ProfileRepository {
  let latest: Promise<unknown> = Promise.resolve();
  const statement = <T>(run: () => Promise<T>): Promise<T> => {
    const result = latest.then(run);
    latest = result;
    return result;
  };
  const load: ProfileRepository['load'] = async (...args) => {
    const { profile } = await statement(() => store.load(...args));
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    return { profile, schemaVersion: (await statement(() => store.load(...args))).schemaVersion };
  };
  return replacing(store, { load });
}

/** A connection that caches profiles by id and revision, and so returns the predecessor of a recreated profile. */
function cachingByRevision(store: ProfileRepository): ProfileRepository {
  const kept = new Map<string, Loaded['profile']>();
  const load: ProfileRepository['load'] = async (tenantId, customerId, options) => {
    const { schemaVersion, profile } = await store.load(tenantId, customerId, options);
    const name = JSON.stringify([tenantId, customerId, options, profile?.revision]);
    if (!kept.has(name)) kept.set(name, profile);
    return { schemaVersion, profile: structuredClone(kept.get(name)) };
  };
  return replacing(store, { load });
}

/** A connection that caches extensions until the attributes change. */
function cachingExtensions(store: ProfileRepository): ProfileRepository {
  const kept = new Map<string, ExtensionsDocument>();
  const load: ProfileRepository['load'] = async (tenantId, customerId, options) => {
    const { schemaVersion, profile } = await store.load(tenantId, customerId, options);
    if (profile?.extensions === undefined) return { schemaVersion, profile };
    const name = JSON.stringify([tenantId, customerId, profile.createdAt, profile.attributes]);
    const extensions = kept.get(name) ?? profile.extensions;
    kept.set(name, extensions);
    return { schemaVersion, profile: { ...profile, extensions: structuredClone(extensions) } };
  };
  return replacing(store, { load });
}

/** A connection that caches the holders of an entry until a profile or the schema changes. */
function cachingHolders(store: ProfileRepository): ProfileRepository {
  const kept = new Map<string, Found>();
  const find: ProfileRepository['find'] = async (...args) => {
    const found = await store.find(...args);
    const profiles = await store.page(args[0], { limit: 1000 });
    const name = JSON.stringify([args, found.schemaVersion, profiles]);
    const answer = kept.get(name) ?? found;
    kept.set(name, answer);
    return structuredClone(answer);
  };
  return replacing(store, { find });
}

/** A connection that caches a missing schema until it writes one itself. */
function cachingMissingSchema(store: ProfileRepository): ProfileRepository {
  const without = new Set<string>();
  return replacing(store, {
    async loadSchema(tenantId) {
      if (without.has(tenantId)) return undefined;
      const stored = await store.loadSchema(tenantId);
      if (stored === undefined) without.add(tenantId);
      return stored;
    },
    commitSchema(tenantId, change) {
      without.delete(tenantId);
      return store.commitSchema(tenantId, change);
    },
  });
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A store in which each commit is delayed by one turn of the event loop. */
class DelayedCommitRepository extends TableRepository {
  protected override async commitChanges(changes: readonly TableChange[]): Promise<CommitResult> {
    const copies = this.copyIn(changes);
    await turn();
    return super.commitChanges(copies);
  }
}

/** A connection whose loads read at once, resolve a turn later, and are shared with later calls until then. */
function joiningLoadsInFlight(store: ProfileRepository): ProfileRepository {
  const inFlight = new Map<string, Promise<Loaded>>();
  const read = async (...args: Parameters<ProfileRepository['load']>): Promise<Loaded> => {
    const answer = store.load(...args);
    await turn();
    return answer;
  };
  return replacing(store, {
    async load(...args) {
      const name = JSON.stringify(args);
      const reading = inFlight.get(name) ?? read(...args).finally(() => inFlight.delete(name));
      inFlight.set(name, reading);
      return structuredClone(await reading);
    },
  });
}

function replacing(store: ProfileRepository, methods: Partial<ProfileRepository>): ProfileRepository {
  return new Proxy(store, {
    get(target, member) {
      const method: unknown = Reflect.get(methods, member) ?? Reflect.get(target, member);
      return typeof method === 'function' ? method.bind(target) : method;
    },
  });
}

export const connectionFaults: readonly Fault[] = [
  {
    fault: 'load reads the profile and, after all queued loads, the schema version',
    breaks: 'load/snapshot: reads one snapshot while hundreds',
    Repository: TableRepository,
    connect: loadingInTwoReads,
  },
  ...(['load', 'find', 'page', 'history'] as const).map((method) => ({
    fault: `${method} caches results until its own connection writes`,
    breaks: `${method}/read-your-writes`,
    Repository: TableRepository,
    connect: caching(method),
  })),
  {
    fault: 'loadSchema caches results until its own connection writes',
    breaks: 'schema/versions',
    Repository: TableRepository,
    connect: caching('loadSchema'),
  },
  {
    fault: 'loadSchema caches a missing schema until its own connection writes one',
    breaks: 'schema/versions',
    Repository: TableRepository,
    connect: cachingMissingSchema,
  },
  {
    fault: 'load caches profiles by revision, also if the profile was recreated',
    breaks: 'load/read-your-writes',
    Repository: TableRepository,
    connect: cachingByRevision,
  },
  {
    fault: 'load caches extensions until the attributes change',
    breaks: 'load/read-your-writes',
    Repository: TableRepository,
    connect: cachingExtensions,
  },
  {
    fault: 'find caches holders until a profile or the schema changes, also if entries are dropped',
    breaks: 'drop-entries/all',
    Repository: TableRepository,
    connect: cachingHolders,
  },
  {
    fault: 'load joins a load in flight that has already read',
    breaks: 'load/read-your-writes',
    Repository: DelayedCommitRepository,
    connect: joiningLoadsInFlight,
  },
  {
    fault: 'the lock of commits covers one connection only',
    breaks: 'commit/compare-and-set',
    Repository: TableRepository,
    connect: lockingPerConnection,
  },
];
