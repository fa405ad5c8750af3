import { createHmac, randomBytes } from 'node:crypto';
import type { NameAndPassword } from './basic-header.js';

const KEPT_MS = 5 * 60_000;
const MAX_KEPT = 1_000;

/**
 * Remembers for a while which passwords were right, since each request brings one and a hash is slow on purpose. What is
 * kept tells no password: it is hashed with a key that dies with the process. Wrong ones are not remembered.
 */
export class VerifiedPasswords {
  readonly #key = randomBytes(32);
  readonly #until = new Map<string, number>();

  /** @param hash of the user's password, so that a new password ends what was remembered of the old one */
  has(given: NameAndPassword, hash: string): boolean {
    return (this.#until.get(this.#digest(given, hash)) ?? 0) > performance.now();
  }

  add(given: NameAndPassword, hash: string): void {
    const digest = this.#digest(given, hash);
    this.#until.delete(digest);
    this.#until.set(digest, performance.now() + KEPT_MS);
    const [oldest] = this.#until.keys();
    if (this.#until.size > MAX_KEPT && oldest !== undefined) this.#until.delete(oldest);
  }

  #digest({ name, password }: NameAndPassword, hash: string): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([name, password, hash]))
      .digest('base64');
  }
}
