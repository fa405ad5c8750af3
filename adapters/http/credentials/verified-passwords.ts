const TTL_MS = 5 * 60_000;
const MAX_ENTRIES = 1_000;

/**
 * Remembers correct passwords by their digest, since every request sends one and scrypt is slow by design. A password is
 * forgotten after five minutes without use. Wrong passwords are not remembered.
 */
export class VerifiedPasswords {
  readonly #expiries = new Map<string, number>();

  /** Whether the password of this digest was verified. It then stays so for five more minutes. */
  has(digest: string): boolean {
    const known = (this.#expiries.get(digest) ?? 0) > performance.now();
    if (known) this.add(digest);
    return known;
  }

  add(digest: string): void {
    // Deleted first, so that the map stays in order of use.
    this.#expiries.delete(digest);
    this.#expiries.set(digest, performance.now() + TTL_MS);
    const [oldest] = this.#expiries.keys();
    if (this.#expiries.size > MAX_ENTRIES && oldest !== undefined) this.#expiries.delete(oldest);
  }
}
