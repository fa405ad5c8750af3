import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';

type Method = keyof ProfileRepository;

/** A real repository of which a test knows every call, and in whose calls it can put something in between. */
export interface ObservedRepository {
  readonly repository: ProfileRepository;
  /** The methods called, in order. */
  readonly calls: Method[];
  /** Does something just before the next call of a method reaches the repository, once. */
  justBefore(method: Method, act: () => Promise<unknown>): void;
}

export function observe(inner: ProfileRepository = new InMemoryProfileRepository()): ObservedRepository {
  const calls: Method[] = [];
  const acts = new Map<Method, () => Promise<unknown>>();
  const repository = new Proxy(inner, {
    get(target, method: Method) {
      if (typeof target[method] !== 'function') return undefined;
      return async (...args: never[]) => {
        calls.push(method);
        const act = acts.get(method);
        acts.delete(method);
        await act?.();
        return (target[method] as (...args: never[]) => Promise<unknown>)(...args);
      };
    },
  });
  return { repository, calls, justBefore: (method, act) => acts.set(method, act) };
}
