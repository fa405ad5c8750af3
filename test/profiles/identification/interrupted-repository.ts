import { StorageUnavailableError } from 'dossier';
import type { ProfileRepository } from 'dossier/storage';

/** A repository that does something before each of its calls. */
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

/** A process that dies: its repository answers so many calls, and none after them. */
export function dyingAfter(inner: ProfileRepository, calls: number): ProfileRepository {
  let left = calls;
  return beforeEachCall(inner, async () => {
    if (left === 0) throw new StorageUnavailableError('The process has died.');
    left -= 1;
  });
}
