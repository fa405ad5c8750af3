import type { ConformanceOptions } from 'dossier/conformance';
import { type ProfileRepository, StorageUnavailableError } from 'dossier/storage';
import { TableRepository } from './table-repository.js';

type Method = keyof ProfileRepository;

/** How a connection behaves while the store cannot be reached: correctly, but for what is given. */
export interface BrokenBehaviour {
  /** The error of a call. Default: a correct one. */
  readonly error?: (method: Method, args: readonly unknown[]) => unknown;
  /** Methods that work all the same. */
  readonly working?: readonly Method[];
  /** Methods that reject, and have taken place. */
  readonly done?: readonly Method[];
  /** The store after it was reopened. Default: the same. */
  readonly reopened?: (store: TableRepository) => TableRepository;
}

const WRITES: ReadonlySet<Method> = new Set([
  'commit',
  'commitSchema',
  'dropEntries',
  'prune',
  'erase',
  'storeServerMode',
]);

/** A harness over a store that can be broken and reopened. */
export function breakableHarness(behaviour: BrokenBehaviour = {}): Pick<ConformanceOptions, 'createHarness'> {
  const { error = correctError, working = [], done = [], reopened = (store) => store } = behaviour;
  return {
    createHarness: () => {
      let broken = false;
      const connectionTo = (store: TableRepository, isNew: boolean): ProfileRepository =>
        new Proxy(store, {
          get(target, member: Method) {
            const method: unknown = Reflect.get(target, member);
            if (typeof method !== 'function') return method;
            return async (...args: unknown[]) => {
              const isDown = broken && !isNew && !working.includes(member);
              if (isDown && !done.includes(member)) throw error(member, args);
              const answer: unknown = await Reflect.apply(method, target, args);
              if (isDown) throw error(member, args);
              return answer;
            };
          },
        });
      const store = new TableRepository();
      return {
        repository: connectionTo(store, false),
        another: async () => connectionTo(store, false),
        reopen: async () => connectionTo(reopened(store), true),
        break: async () => {
          broken = true;
        },
        dispose: async () => {},
      };
    },
  };
}

function correctError(method: Method): Error {
  return new StorageUnavailableError('The store cannot be reached.', { outcomeUnknown: WRITES.has(method) });
}
