import type { ProfileRepository } from '../storage/profile-repository.js';

/** What the services were configured with, complete: see `ServiceOptions` for the meaning of each. */
export interface Settings {
  readonly now: () => Date;
  /** The instant of a creation, unlike that of any other. */
  readonly creationTimestamp: () => string;
  readonly generateCustomerId: () => string;
  readonly maxProfileBytes: number;
  readonly requireExpectedRevision: boolean;
  readonly schemaCacheSize: number;
  readonly replica: ProfileRepository | undefined;
}
