import type { ProfileRepository } from '../storage/profile-repository.js';

/** The options of the services with defaults applied. `ServiceOptions` documents each. */
export interface Settings {
  readonly now: () => Date;
  /** Returns a new creation timestamp, practically unique. */
  readonly creationTimestamp: () => string;
  readonly generateCustomerId: () => string;
  readonly maxProfileBytes: number;
  readonly requireExpectedRevision: boolean;
  readonly schemaCacheSize: number;
  readonly replica: ProfileRepository | undefined;
}
