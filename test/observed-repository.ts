import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';

type Method = keyof ProfileRepository;

/** A real repository that records its calls, and lets a test run something before one of them. */
export interface ObservedRepository {
  readonly repository: ProfileRepository;
  /** The names of the called methods, in order. */
  readonly calls: Method[];
  /** Runs a function once, before the next call of a method reaches the repository. */
  justBefore(method: Method, act: () => Promise<unknown>): void;
}

export function observe(inner: ProfileRepository = new InMemoryProfileRepository()): ObservedRepository {
  const calls: Method[] = [];
  const acts = new Map<Method, () => Promise<unknown>>();
  const repository = new Proxy(inner, {
    get(target, method: Method) {
      if (typeof target[method] !== 'function') return target[method];
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
