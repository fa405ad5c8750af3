import { InvalidOptionsError, NotSupportedError } from './errors.js';
import { isPlainObject } from './model/guards.js';
import { type Violation, Violations } from './model/violation.js';
import type { ChangesPolicy } from './profiles/change-feed.js';
import { checkedClock, checkedGenerator } from './profiles/checked-callbacks.js';
import { customerIdGenerator } from './profiles/customer-ids.js';
import type { HistoryPolicy } from './profiles/history-policy.js';
import { MAX_PAGE } from './profiles/identify-options.js';
import type { Settings } from './profiles/settings.js';
import { creationTimestamps, systemClock } from './profiles/timestamps.js';
import { MOST_KEY_CHARACTERS } from './rules/profile-limits.js';
import { CheckedRepository } from './storage/checked-repository.js';
import { isRepository, missingMethods } from './storage/is-repository.js';
import type { ProfileRepository } from './storage/profile-repository.js';

/** The options of the services, beside the repository. Every option has a safe default. */
export interface ServiceOptions {
  /**
   * The maximum size of the attributes of a profile, and likewise of its extensions, in bytes of UTF-8 JSON: 1,024 to
   * 16,777,216. Default 1,048,576 (1 MiB).
   */
  readonly maxProfileBytes?: number | undefined;
  /**
   * The most characters that the combinations of a profile's values for one identification key may have together, as the
   * key compares them (R18): 1,024 to 16,777,216. A long value is in each combination with others. Default 1,048,576.
   */
  readonly maxKeyCharacters?: number | undefined;
  /**
   * The most profiles that one call of `identify` examines, where it searches by more than its key: 100 to 1,000,000.
   * Its page may then be short, or empty, with a `next`. Default 1,000.
   */
  readonly maxSearchCandidates?: number | undefined;
  /**
   * Whether every change of an existing profile must name the revision that it expects (R14). Rows of an import are exempt,
   * since its `existing` says what is meant. Default false.
   */
  readonly requireExpectedRevision?: boolean | undefined;
  /**
   * Whether every attribute and extension is treated as `protected` (L2): a replacement, an import or a restore that would
   * clear one by leaving it out is refused, unless the call allows it. Default false.
   */
  readonly lossGuard?: boolean | undefined;
  /** The number of tenants whose compiled schema is cached in memory, 1 to 1,000,000. Default 1,000. */
  readonly schemaCacheSize?: number | undefined;
  /**
   * A repository over a read replica, which may lag. `get` and `identify` read from it unless the call sets `fresh`.
   * Writes never depend on it. Default: the repository that is written to.
   */
  readonly replica?: ProfileRepository | undefined;
  /**
   * Which former states of profiles are kept (H1, H5): `'all'`; `'none'`; or an object that limits them, with
   * `revisions`, how many former states of each profile (1 to 1,000,000), and `days`, how long after a state was replaced
   * (1 to 36,500). Beyond a limit, states are no longer answered; `profiles.prune` removes them. Default `'all'` where the
   * repository can keep history, otherwise `'none'`.
   */
  readonly history?: 'all' | 'none' | HistoryPolicy | undefined;
  /**
   * Whether every commit leaves a line for each profile that it changes, for others to follow (C1): `true`, or an object
   * that limits for how many `days` lines are kept (1 to 36,500). Beyond that, lines are no longer answered;
   * `profiles.prune` removes them. Default false.
   */
  readonly changes?: boolean | ChangesPolicy | undefined;
  /** The most attributes of a tenant's schema, those of its extensions included: 1 to 10,000. Default 2,000. */
  readonly maxSchemaAttributes?: number | undefined;
  /** The most attributes with a `pattern` in a tenant's schema, those of its extensions included: 1 to 10,000. Default 100. */
  readonly maxPatterns?: number | undefined;
  /** The most extensions of a tenant's schema: 1 to 1,000. Default 200. */
  readonly maxExtensions?: number | undefined;
  /** The most identification keys of a tenant's schema: 1 to 1,000. Default 50. */
  readonly maxIdentificationKeys?: number | undefined;
  /**
   * The most names in the `attributes` of an identification key, and in the `unique` of an extension: 1 to 1,000.
   * Default 16.
   */
  readonly maxKeyAttributes?: number | undefined;
  /** The clock: answers a `Date` within the years 0001 to 9999. Default: the system's. */
  readonly now?: (() => Date) | undefined;
  /**
   * Generates the customer id of a profile that is created without one: 1 to 64 characters of `A-Z a-z 0-9 . _ ~ -`.
   * Default: 16 characters of `0-9A-Za-z` that sort by creation time.
   */
  readonly generateCustomerId?: (() => string) | undefined;
}

/** The options of {@link createDossier}. */
export interface DossierOptions<Transaction = never> extends ServiceOptions {
  /** The storage of profiles and schemas, such as `InMemoryProfileRepository` or `KnexProfileRepository`. */
  readonly repository: ProfileRepository<Transaction>;
}

interface OptionCheck {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

const CHECKS: Readonly<Record<keyof ServiceOptions, OptionCheck>> = {
  maxProfileBytes: integerBetween(1_024, 16_777_216),
  maxKeyCharacters: integerBetween(1_024, MOST_KEY_CHARACTERS),
  maxSearchCandidates: integerBetween(MAX_PAGE, 1_000_000),
  requireExpectedRevision: { expected: 'true or false', accepts: (value) => typeof value === 'boolean' },
  lossGuard: { expected: 'true or false', accepts: (value) => typeof value === 'boolean' },
  schemaCacheSize: integerBetween(1, 1_000_000),
  maxSchemaAttributes: integerBetween(1, 10_000),
  maxPatterns: integerBetween(1, 10_000),
  maxExtensions: integerBetween(1, 1_000),
  maxIdentificationKeys: integerBetween(1, 1_000),
  maxKeyAttributes: integerBetween(1, 1_000),
  history: {
    expected: "'all', 'none', or an object with `revisions` from 1 to 1,000,000 and `days` from 1 to 36,500",
    accepts: isHistory,
  },
  changes: { expected: 'true, false, or an object with `days` from 1 to 36,500', accepts: isChanges },
  replica: { expected: 'a ProfileRepository', accepts: isRepository },
  now: { expected: 'a function', accepts: isFunction },
  generateCustomerId: { expected: 'a function', accepts: isFunction },
};

/**
 * Validates the options of the services without a repository, for a wiring that receives them before it has one.
 * {@link createDossier} validates them as well.
 *
 * @throws InvalidOptionsError with a violation for each option that is not valid
 */
export function checkServiceOptions(options: ServiceOptions): void {
  refuse(findFaults(options));
}

/**
 * @throws InvalidOptionsError with a violation for each option that is not valid
 * @throws NotSupportedError if `history` or `changes` asks for what the repository cannot keep
 */
export function readOptions<Transaction>(options: DossierOptions<Transaction>): {
  readonly repository: ProfileRepository<Transaction>;
  readonly settings: Settings;
} {
  // Destructuring would leave out what an accessor or a prototype has, such as a guard.
  if (!isPlainObject(options)) refuse(findFaults(options));
  const { repository, ...others } = options;
  refuse([...findRepositoryFaults(repository), ...findFaults(others)]);
  return { repository, settings: withDefaults(others, repository) };
}

function findRepositoryFaults(repository: ProfileRepository<never>): Violation[] {
  const fault = (expected: string) => ({ pointer: '/repository', rule: '', expected });
  if (!isRepository(repository)) return [fault('a ProfileRepository')];
  return missingMethods(repository).map(({ capability, method }) => {
    return fault(`the method \`${method}\`, which the capability \`${capability}\` that it declares requires`);
  });
}

function withDefaults(options: ServiceOptions, repository: ProfileRepository<never>): Settings {
  const now = options.now ? checkedClock(options.now) : systemClock;
  return {
    now,
    uniqueTimestamp: creationTimestamps(now),
    generateCustomerId: options.generateCustomerId
      ? checkedGenerator(options.generateCustomerId)
      : customerIdGenerator(now),
    maxProfileBytes: options.maxProfileBytes ?? 1_048_576,
    maxKeyCharacters: options.maxKeyCharacters ?? 1_048_576,
    maxSearchCandidates: options.maxSearchCandidates ?? 1_000,
    requireExpectedRevision: options.requireExpectedRevision ?? false,
    lossGuard: options.lossGuard ?? false,
    schemaCacheSize: options.schemaCacheSize ?? 1_000,
    maxSchemaAttributes: options.maxSchemaAttributes ?? 2_000,
    maxPatterns: options.maxPatterns ?? 100,
    maxExtensions: options.maxExtensions ?? 200,
    maxIdentificationKeys: options.maxIdentificationKeys ?? 50,
    maxKeyAttributes: options.maxKeyAttributes ?? 16,
    history: historyOf(options, repository),
    changes: changesOf(options, repository),
    replica: options.replica && new CheckedRepository(options.replica),
  };
}

function changesOf({ changes = false }: ServiceOptions, { capabilities }: ProfileRepository<never>) {
  if (changes === false) return undefined;
  if (!capabilities?.changes) {
    throw new NotSupportedError('The repository does not keep a feed. Leave out the option `changes`.');
  }
  return changes === true ? {} : { ...changes };
}

function isChanges(value: unknown): boolean {
  return typeof value === 'boolean' || isLimits(value, { days: MOST_DAYS });
}

function historyOf({ history }: ServiceOptions, { capabilities }: ProfileRepository<never>): HistoryPolicy | undefined {
  if (history === 'none') return undefined;
  if (capabilities?.history) return typeof history === 'object' ? { ...history } : {};
  if (history === undefined) return undefined;
  throw new NotSupportedError("The repository keeps no history. Set the option `history` to 'none', or leave it out.");
}

function isHistory(value: unknown): boolean {
  return value === 'all' || value === 'none' || isLimits(value, { revisions: 1_000_000, days: MOST_DAYS });
}

const MOST_DAYS = 36_500;

/** Whether a value is an object of limits, each from 1 to what it is at most. */
function isLimits(value: unknown, most: Readonly<Record<string, number>>): boolean {
  if (!isPlainObject(value)) return false;
  return Object.entries(value).every(
    ([name, limit]) => Object.hasOwn(most, name) && (limit === undefined || isBetween(limit, 1, most[name] ?? 0)),
  );
}

function findFaults(options: unknown): readonly Violation[] {
  const violations = new Violations();
  if (!isPlainObject(options)) violations.add('', '', 'an object of options');
  else {
    for (const [name, value] of Object.entries(options)) {
      const check = Object.hasOwn(CHECKS, name) ? CHECKS[name as keyof ServiceOptions] : undefined;
      if (!check) violations.add(`/${name}`, '', `one of the options ${Object.keys(CHECKS).join(', ')}`);
      else if (value !== undefined && !check.accepts(value)) violations.add(`/${name}`, '', check.expected);
    }
  }
  return violations.items;
}

function refuse(violations: readonly Violation[]): void {
  if (violations.length > 0) throw new InvalidOptionsError(violations);
}

function integerBetween(least: number, most: number): OptionCheck {
  return {
    expected: `an integer from ${least} to ${most}`,
    accepts: (value) => isBetween(value, least, most),
  };
}

function isBetween(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
