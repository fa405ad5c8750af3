import type { Profile } from '../model/profile.js';
import type { StoredProfile } from '../storage/profile-repository.js';

/** What each answered profile was, since its holder may have changed the copy. */
export class ReadSnapshots {
  readonly #shared: ReadSnapshots | undefined;

  constructor(shared?: ReadSnapshots) {
    this.#shared = shared;
  }

  of(profile: Profile): StoredProfile | undefined {
    return ReadSnapshot.of(profile, this) ?? this.#shared?.of(profile);
  }

  note(profile: Profile, stored: StoredProfile): void {
    new ReadSnapshot(profile, stored, this);
  }

  /**
   * The same for another view of the storage. What is known here is known there, but not the other way round: what a
   * host's transaction answers may be rolled back, and its revision be that of another state then.
   */
  within(): ReadSnapshots {
    return new ReadSnapshots(this);
  }
}

/** Has a derived class give its private members to an object that there is. */
class Given {
  constructor(given: object) {
    // biome-ignore lint/correctness/noConstructorReturn: it is what this class is for.
    return given;
  }
}

/**
 * Kept in the answered profile itself, where nobody sees it, and gone with it. For a `WeakMap` the garbage collector would
 * take as long as a quarter of a short call.
 */
class ReadSnapshot extends Given {
  readonly #stored: StoredProfile;
  readonly #notedBy: ReadSnapshots;

  constructor(profile: Profile, stored: StoredProfile, notedBy: ReadSnapshots) {
    super(profile);
    this.#stored = stored;
    this.#notedBy = notedBy;
  }

  static of(profile: object, notedBy: ReadSnapshots): StoredProfile | undefined {
    return #stored in profile && profile.#notedBy === notedBy ? profile.#stored : undefined;
  }
}
