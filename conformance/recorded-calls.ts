import type { ProfileRepository } from '../src/storage/profile-repository.js';
import { shown } from './difference.js';
import { inTime } from './in-time.js';

const MAX_KEPT = 15;

/** The latest calls on the repositories of one test, so that a failure shows what led to it. */
export class RecordedCalls {
  readonly #lines: string[] = [];
  readonly #callTimeout: number;
  #count = 0;

  /** @param callTimeout within how many milliseconds each call must be answered */
  constructor(callTimeout: number) {
    this.#callTimeout = callTimeout;
  }

  /** The same repository, whose calls are recorded as text at the moment they are made and answered. */
  record(repository: ProfileRepository, name: string): ProfileRepository {
    return new Proxy(repository, {
      get: (target, member) => {
        const method: unknown = Reflect.get(target, member);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          const call = `${name}.${String(member)}(${args.map(shown).join(', ')})`;
          try {
            const answer: unknown = await inTime(call, this.#callTimeout, () => Reflect.apply(method, target, args));
            this.#add(`${call} → ${shown(answer)}`);
            return answer;
          } catch (error) {
            this.#add(`${call} threw ${String(error)}`);
            throw error;
          }
        };
      },
    });
  }

  /** Leaves out what was recorded so far: what every test begins with. */
  forget(): void {
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
