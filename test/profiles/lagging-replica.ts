import { InMemoryProfileRepository } from 'dossier/memory';
import type { Change, ProfileRepository, SchemaChange } from 'dossier/storage';

/** A store, and a copy of it that takes over what was written when it is told to. */
export interface ReplicatedStore {
  readonly primary: ProfileRepository;
  readonly replica: ProfileRepository;
  /** Has the replica take over what it lacks. */
  catchUp(): Promise<void>;
}

export function replicatedStore(): ReplicatedStore {
  const primary = new InMemoryProfileRepository();
  const replica = new InMemoryProfileRepository();
  const missing: (() => Promise<unknown>)[] = [];
  const recording = new Proxy<ProfileRepository>(primary, {
    get(target, method: keyof ProfileRepository) {
      if (method === 'commit') {
        return async (changes: readonly Change[]) => {
          const kept = structuredClone(changes);
          const result = await target.commit(changes);
          if (result.outcome === 'committed') missing.push(() => replica.commit(kept));
          return result;
        };
      }
      if (method === 'commitSchema') {
        return async (change: SchemaChange) => {
          const kept = structuredClone(change);
          const result = await target.commitSchema(change);
          if (result.outcome === 'committed') missing.push(() => replica.commitSchema(kept));
          return result;
        };
      }
      return typeof target[method] === 'function' ? target[method].bind(target) : undefined;
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
