import type { ProfileRepository } from '../src/storage/profile-repository.js';
import { messageOf } from './broken-promise.js';
import { outlineOf, outlineText } from './difference.js';
import { withTimeout } from './with-timeout.js';

const MAX_KEPT = 15;

/** Records the last calls on the repositories of one test, for the message of a failure. */
export class CallRecorder {
  readonly #lines: (() => string)[] = [];
  readonly #callTimeout: number;
  readonly #thrown = new WeakMap<object, string>();
  #count = 0;

  /** @param callTimeout timeout of each call, in milliseconds */
  constructor(callTimeout: number) {
    this.#callTimeout = callTimeout;
  }

  /**
   * Wraps a repository. Outlines of arguments and results are copied at once, since they may be mutated later, and
   * turned into text when a test has failed.
   */
  record(repository: ProfileRepository, name: string): ProfileRepository {
    return new Proxy(repository, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          const outlines = args.map((argument) => outlineOf(argument));
          const call = () => `${name}.${String(member)}(${outlines.map(outlineText).join(', ')})`;
          try {
            const answer: unknown = await withTimeout(call, this.#callTimeout, () =>
              Reflect.apply(method, target, args),
            );
            const outline = outlineOf(answer);
            this.#add(() => `${call()} → ${outlineText(outline)}`);
            return answer;
          } catch (error) {
            const thrown = String(error);
            this.#add(() => `${call()} threw ${thrown}`);
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
    return this.#lines.map((line, index) => `  ${first + index}. ${line()}`).join('\n');
  }

  #add(line: () => string): void {
    this.#count++;
    this.#lines.push(line);
    if (this.#lines.length > MAX_KEPT) this.#lines.shift();
  }
}
