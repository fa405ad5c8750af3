import type { Profile } from '../model/profile.js';
import type { StoredProfile } from '../storage/profile-repository.js';

/** The read snapshots: the stored state behind each profile view, since the caller may have mutated the view. */
export class ReadSnapshots {
  readonly #shared: ReadSnapshots | undefined;

  constructor(shared?: ReadSnapshots) {
    this.#shared = shared;
  }

  /** The stored state that a profile view was made from; `undefined` if the value is no such view. */
  of(profile: unknown): StoredProfile | undefined {
    if (typeof profile !== 'object' || profile === null) return undefined;
    return ReadSnapshot.of(profile, this) ?? this.#shared?.of(profile);
  }

  /** Remembers the stored state of a profile view. */
  remember(profile: Profile, stored: StoredProfile): void {
    new ReadSnapshot(profile, stored, this);
  }

  /**
   * The read snapshots within a transaction of the host. It knows the snapshots of this object, but not vice versa: a
   * revision read in the transaction may be rolled back, and then belong to another state.
   */
  within(): ReadSnapshots {
    return new ReadSnapshots(this);
  }
}

/** Returns an existing object from the constructor, so that a derived class installs its private fields on it. */
class ReturnOverride {
  constructor(target: object) {
    // biome-ignore lint/correctness/noConstructorReturn: the purpose of the class.
    return target;
  }
}

/**
 * A snapshot in private fields of the profile view itself, invisible and collected with it. A `WeakMap` would cost up
 * to a quarter of a short call in garbage collection.
 */
class ReadSnapshot extends ReturnOverride {
  readonly #stored: StoredProfile;
  readonly #owner: ReadSnapshots;

  constructor(profile: Profile, stored: StoredProfile, owner: ReadSnapshots) {
    super(profile);
    this.#stored = stored;
    this.#owner = owner;
  }

  static of(profile: object, owner: ReadSnapshots): StoredProfile | undefined {
    return #stored in profile && profile.#owner === owner ? profile.#stored : undefined;
  }
}
