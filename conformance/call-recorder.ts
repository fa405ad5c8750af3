import type { ProfileRepository } from '../src/storage/profile-repository.js';
import { messageOf } from './broken-promise.js';
import { outlined } from './difference.js';
import { withTimeout } from './with-timeout.js';

const MAX_KEPT = 15;

/** Records the last calls on the repositories of one test, for the message of a failure. */
export class CallRecorder {
  readonly #lines: string[] = [];
  readonly #callTimeout: number;
  readonly #thrown = new WeakMap<object, string>();
  #count = 0;

  /** @param callTimeout timeout of each call, in milliseconds */
  constructor(callTimeout: number) {
    this.#callTimeout = callTimeout;
  }

  /**
   * Wraps a repository. Arguments and results are turned into text at once, since they may be mutated later: whole, but for
   * the middle of long lists and texts.
   */
  record(repository: ProfileRepository, name: string): ProfileRepository {
    return new Proxy(repository, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          const call = `${name}.${String(member)}(${args.map(outlined).join(', ')})`;
          try {
            const answer: unknown = await withTimeout(call, this.#callTimeout, () =>
              Reflect.apply(method, target, args),
            );
            this.#add(`${call} → ${outlined(answer)}`);
            return answer;
          } catch (error) {
            this.#add(`${call} threw ${String(error)}`);
            if (typeof error === 'object' && error !== null) this.#thrown.set(error, `${name}.${String(member)}`);
            throw error;
          }
        };
      },
    });
  }

  /** The message of an error, with the call that threw it if one did. */
  reasonOf(error: unknown): string {
    const thrower = typeof error === 'object' && error !== null ? this.#thrown.get(error) : undefined;
    return thrower === undefined ? messageOf(error) : `${thrower} threw ${messageOf(error)}`;
  }

  /** Discards what was recorded so far. */
  clear(): void {
    this.#lines.length = 0;
    this.#count = 0;
  }

  toString(): string {
    const first = this.#count - this.#lines.length + 1;
    return this.#lines.map((line, index) => `  ${first + index}. ${line}`).join('\n');
  }

  #add(line: string): void {
    this.#count++;
    this.#lines.push(line);
    if (this.#lines.length > MAX_KEPT) this.#lines.shift();
  }
}
