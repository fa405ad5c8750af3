import type { SchemaLimits } from '../rules/schema-limits.js';
import type { ProfileRepository } from '../storage/profile-repository.js';

/** What the services were configured with, complete: see `ProfileOptions` for the meaning of each. */
export interface Settings extends SchemaLimits {
  /** Answers a valid date, or throws InvalidOptionsError. */
  readonly now: () => Date;
  /** The instant of a creation, unlike that of any other. */
  readonly creationTimestamp: () => string;
  /** Answers a customer id, or throws InvalidOptionsError. */
  readonly generateCustomerId: () => string;
  readonly maxProfileBytes: number;
  readonly requireExpectedRevision: boolean;
  readonly schemaCacheSize: number;
  readonly replica: ProfileRepository | undefined;
}
