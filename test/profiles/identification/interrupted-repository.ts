import { StorageUnavailableError } from 'dossier';
import type { ProfileRepository } from 'dossier/storage';

/** A repository that runs a function before each call. */
export function beforeEachCall(inner: ProfileRepository, act: (method: string) => Promise<void>): ProfileRepository {
  return new Proxy(inner, {
    get(target, method: keyof ProfileRepository) {
      if (typeof target[method] !== 'function') return undefined;
      return async (...args: never[]) => {
        await act(method);
        return (target[method] as (...args: never[]) => Promise<unknown>)(...args);
      };
    },
  });
}

/** The repository of a process that dies after a number of calls: every later call rejects. */
export function dyingAfter(inner: ProfileRepository, calls: number): ProfileRepository {
  let left = calls;
  return beforeEachCall(inner, async () => {
    if (left === 0) throw new StorageUnavailableError('The process has died.');
    left -= 1;
  });
}
