import { createHmac, randomBytes } from 'node:crypto';
import type { NameAndPassword } from './basic-header.js';

const TTL_MS = 5 * 60_000;
const MAX_ENTRIES = 1_000;

/**
 * Caches correct passwords, since every request sends one and scrypt is slow by design. Stores only an HMAC with a key
 * that is never persisted. Wrong passwords are not cached.
 */
export class VerifiedPasswords {
  readonly #key = randomBytes(32);
  readonly #expiries = new Map<string, number>();

  /** @param hash the stored hash of the user's password, so that a new password invalidates the cached one */
  has(given: NameAndPassword, hash: string): boolean {
    return (this.#expiries.get(this.#digest(given, hash)) ?? 0) > performance.now();
  }

  add(given: NameAndPassword, hash: string): void {
    const digest = this.#digest(given, hash);
    this.#expiries.delete(digest);
    this.#expiries.set(digest, performance.now() + TTL_MS);
    const [oldest] = this.#expiries.keys();
    if (this.#expiries.size > MAX_ENTRIES && oldest !== undefined) this.#expiries.delete(oldest);
  }

  #digest({ name, password }: NameAndPassword, hash: string): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([name, password, hash]))
      .digest('base64');
  }
}
