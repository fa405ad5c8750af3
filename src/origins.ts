import type { Profile } from './profile.js';
import type { StoredProfile } from './storage/profile-repository.js';

/** What each answered profile was, since its holder may have changed the copy. */
export class Origins {
  readonly #stored = new WeakMap<Profile, StoredProfile>();
  readonly #shared: Origins | undefined;

  constructor(shared?: Origins) {
    this.#shared = shared;
  }

  of(profile: Profile): StoredProfile | undefined {
    return this.#stored.get(profile) ?? this.#shared?.of(profile);
  }

  note(profile: Profile, stored: StoredProfile): void {
    this.#stored.set(profile, stored);
  }

  /**
   * The same for another view of the storage. What is known here is known there, but not the other way round: what a
   * host's transaction answers may be rolled back, and its revision be that of another state then.
   */
  within(): Origins {
    return new Origins(this);
  }
}
