import type { Change, CommitResult, ExtensionsDocument, Found, Loaded, ProfileRepository } from 'dossier/storage';
import type { Fault } from '../fault.js';
import { TableRepository } from '../table-repository.js';

const WRITES = new Set<PropertyKey>(['commit', 'commitSchema', 'dropEntries']);

/** A connection that keeps what a method has answered until it writes itself. */
function keeping(method: keyof ProfileRepository): (store: ProfileRepository) => ProfileRepository {
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

/** A connection whose commits wait for each other, but not for those of others. */
function lockingAlone(store: ProfileRepository): ProfileRepository {
  let latest: Promise<unknown> = Promise.resolve();
  const commit: ProfileRepository['commit'] = (changes) => {
    const copies = structuredClone(changes);
    const committing = latest.then(async () => {
      const [change] = copies;
      if (change?.kind !== 'update') return store.commit(copies);
      const { tenantId, customerId, expectedRevision } = change;
      const { profile } = await store.load(tenantId, customerId, { extensions: false });
      await new Promise((resolve) => setImmediate(resolve));
      if (profile?.revision !== expectedRevision) return store.commit(copies);
      // What was read a moment ago is no longer compared.
      const { revision } = (await store.load(tenantId, customerId, { extensions: false })).profile ?? profile;
      return store.commit([{ ...change, expectedRevision: revision }, ...copies.slice(1)]);
    });
    latest = committing;
    return committing;
  };
  return replacing(store, { commit });
}

/** A connection that carries out one statement at a time, and loads by two: the profile, and then the schema. */
function loadingByTwo(store: ProfileRepository): ProfileRepository {
  let latest: Promise<unknown> = Promise.resolve();
  const statement = <T>(carryOut: () => Promise<T>): Promise<T> => {
    const answered = latest.then(carryOut);
    latest = answered;
    return answered;
  };
  const load: ProfileRepository['load'] = async (...args) => {
    const { profile } = await statement(() => store.load(...args));
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    return { profile, schemaVersion: (await statement(() => store.load(...args))).schemaVersion };
  };
  return replacing(store, { load });
}

/** A connection that keeps profiles by id and revision, and takes one made anew for the former. */
function keepingRevisions(store: ProfileRepository): ProfileRepository {
  const kept = new Map<string, Loaded['profile']>();
  const load: ProfileRepository['load'] = async (tenantId, customerId, options) => {
    const { schemaVersion, profile } = await store.load(tenantId, customerId, options);
    const name = JSON.stringify([tenantId, customerId, options, profile?.revision]);
    if (!kept.has(name)) kept.set(name, profile);
    return { schemaVersion, profile: structuredClone(kept.get(name)) };
  };
  return replacing(store, { load });
}

/** A connection that keeps extensions until attributes change. */
function keepingExtensions(store: ProfileRepository): ProfileRepository {
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

/** A connection that keeps who has an entry until a profile or the schema changes. */
function keepingHolders(store: ProfileRepository): ProfileRepository {
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

/** A connection that keeps that there is no schema until it writes one itself. */
function keepingNone(store: ProfileRepository): ProfileRepository {
  const without = new Set<string>();
  return replacing(store, {
    async loadSchema(tenantId) {
      if (without.has(tenantId)) return undefined;
      const stored = await store.loadSchema(tenantId);
      if (stored === undefined) without.add(tenantId);
      return stored;
    },
    commitSchema(change) {
      without.delete(change.tenantId);
      return store.commitSchema(change);
    },
  });
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A store in which each commit takes a turn. */
class TurnRepository extends TableRepository {
  override async commit(changes: readonly Change[]): Promise<CommitResult> {
    const copies = this.copyIn(changes);
    await turn();
    return super.commit(copies);
  }
}

/** A connection whose loads read at once, are answered a turn later, and answer whoever asks for the same meanwhile. */
function joiningLoads(store: ProfileRepository): ProfileRepository {
  const underWay = new Map<string, Promise<Loaded>>();
  const read = async (...args: Parameters<ProfileRepository['load']>): Promise<Loaded> => {
    const answer = store.load(...args);
    await turn();
    return answer;
  };
  return replacing(store, {
    async load(...args) {
      const name = JSON.stringify(args);
      const reading = underWay.get(name) ?? read(...args).finally(() => underWay.delete(name));
      underWay.set(name, reading);
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
    fault: 'load asks for the profile, and when all others have had their turn for the schema',
    breaks: 'load/one-instant: what is read together stood so together, however many',
    Repository: TableRepository,
    connect: loadingByTwo,
  },
  ...(['load', 'find', 'page'] as const).map((method) => ({
    fault: `${method} answers what it has answered before, until the same connection writes`,
    breaks: `${method}/acknowledged`,
    Repository: TableRepository,
    connect: keeping(method),
  })),
  {
    fault: 'loadSchema answers what it has answered before, until the same connection writes',
    breaks: 'schema/versions',
    Repository: TableRepository,
    connect: keeping('loadSchema'),
  },
  {
    fault: 'loadSchema keeps that there is no schema, until the same connection writes one',
    breaks: 'schema/versions',
    Repository: TableRepository,
    connect: keepingNone,
  },
  {
    fault: 'load answers for a revision what it answered for it before, also when the profile was made anew',
    breaks: 'load/acknowledged',
    Repository: TableRepository,
    connect: keepingRevisions,
  },
  {
    fault: 'load answers the extensions that it answered with the same attributes',
    breaks: 'load/acknowledged',
    Repository: TableRepository,
    connect: keepingExtensions,
  },
  {
    fault: 'find answers who had an entry when a profile or the schema changed last, also when it was dropped',
    breaks: 'drop-entries/all',
    Repository: TableRepository,
    connect: keepingHolders,
  },
  {
    fault: 'commits and loads take a turn each, and load joins one that is under way and has read already',
    breaks: 'load/acknowledged',
    Repository: TurnRepository,
    connect: joiningLoads,
  },
  {
    fault: 'the lock of commits holds within one connection alone',
    breaks: 'commit/compare-and-set',
    Repository: TableRepository,
    connect: lockingAlone,
  },
];
