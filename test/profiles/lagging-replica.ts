import { InMemoryProfileRepository } from 'dossier/memory';
import type { Change, CommitOptions, ProfileRepository, ReplaceChange, SchemaChange } from 'dossier/storage';

/** A storage, and a replica of it that receives the changes when the test says so. */
export interface ReplicatedStore {
  readonly primary: ProfileRepository;
  readonly replica: ProfileRepository;
  /** Applies all missing changes to the replica. */
  catchUp(): Promise<void>;
}

export function replicatedStore(): ReplicatedStore {
  const primary = new InMemoryProfileRepository();
  const replica = new InMemoryProfileRepository();
  const missing: (() => Promise<unknown>)[] = [];
  const recording = new Proxy<ProfileRepository>(primary, {
    get(target, method: keyof ProfileRepository) {
      if (method === 'commit') {
        return async (tenantId: string, changes: readonly Change[], options: CommitOptions) => {
          const kept = structuredClone(changes);
          const result = await target.commit(tenantId, changes, options);
          if (result.outcome === 'committed') missing.push(() => replica.commit(tenantId, kept, options));
          return result;
        };
      }
      if (method === 'replace') {
        return async (tenantId: string, change: ReplaceChange, options: CommitOptions) => {
          const kept = structuredClone(change);
          const result = await primary.replace(tenantId, change, options);
          if (result.outcome === 'replaced') missing.push(() => replica.replace(tenantId, kept, options));
          return result;
        };
      }
      if (method === 'commitSchema') {
        return async (tenantId: string, change: SchemaChange) => {
          const kept = structuredClone(change);
          const result = await target.commitSchema(tenantId, change);
          if (result.outcome === 'committed') missing.push(() => replica.commitSchema(tenantId, kept));
          return result;
        };
      }
      return typeof target[method] === 'function' ? target[method].bind(target) : target[method];
    },
  });
  return {
    primary: recording,
    replica,
    async catchUp() {
      for (const write of missing.splice(0)) await write();
    },
  };
}
