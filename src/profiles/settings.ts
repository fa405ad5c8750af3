import type { ProfileLimits } from '../rules/profile-limits.js';
import type { SchemaLimits } from '../rules/schema-limits.js';
import type { ProfileRepository } from '../storage/profile-repository.js';
import type { ChangesPolicy } from './change-feed.js';
import type { HistoryPolicy } from './history-policy.js';

/** The options of the services with defaults applied. `ServiceOptions` documents each. */
export interface Settings extends SchemaLimits, ProfileLimits {
  /** Answers a valid date, or throws InvalidOptionsError. */
  readonly now: () => Date;
  /** Returns the time of a change, practically unique. */
  readonly uniqueTimestamp: () => string;
  /** Answers a customer id, or throws InvalidOptionsError. */
  readonly generateCustomerId: () => string;
  readonly requireExpectedRevision: boolean;
  readonly schemaCacheSize: number;
  readonly lossGuard: boolean;
  /** `undefined` if no history is kept. */
  readonly history: HistoryPolicy | undefined;
  /** `undefined` if no feed is kept. */
  readonly changes: ChangesPolicy | undefined;
  readonly maxSearchCandidates: number;
  readonly replica: ProfileRepository | undefined;
}
