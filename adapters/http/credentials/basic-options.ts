import { InvalidOptionsError } from 'dossier';

/** The options of {@link basicAuthentication}. */
export interface BasicAuthenticationOptions {
  /**
   * How many passwords are hashed at the same time, 1 to 64. Default 2: each takes 32 MiB and one of the four threads of
   * Node's pool, which files and some databases need as well.
   */
  readonly maxConcurrentHashes?: number | undefined;
  /** How many more may wait to be hashed, 0 to 10,000. Default 16. Further requests get a 429. */
  readonly maxWaitingHashes?: number | undefined;
}

const LIMITS = {
  maxConcurrentHashes: { minimum: 1, maximum: 64, default: 2 },
  maxWaitingHashes: { minimum: 0, maximum: 10_000, default: 16 },
} as const satisfies Readonly<Record<keyof BasicAuthenticationOptions, object>>;

/** @throws InvalidOptionsError with a violation for each option that is not valid */
export function readBasicAuthenticationOptions(options: BasicAuthenticationOptions) {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidOptionsError([{ pointer: '', rule: '', expected: 'an object of options' }]);
  }
  const given = new Map<string, unknown>(Object.entries(options));
  const invalid = Object.entries(LIMITS)
    .filter(([name, limit]) => !isWithin(given.get(name) ?? limit.default, limit))
    .map(([name, { minimum, maximum }]) => [name, `an integer from ${minimum} to ${maximum}`] as const);
  const unknown = [...given.keys()]
    .filter((name) => !Object.hasOwn(LIMITS, name))
    .map((name) => [name, `one of the options ${Object.keys(LIMITS).join(', ')}`] as const);
  const violations = [...invalid, ...unknown].map(([name, expected]) => ({ pointer: `/${name}`, rule: '', expected }));
  if (violations.length > 0) throw new InvalidOptionsError(violations);
  return {
    maxConcurrentHashes: options.maxConcurrentHashes ?? LIMITS.maxConcurrentHashes.default,
    maxWaitingHashes: options.maxWaitingHashes ?? LIMITS.maxWaitingHashes.default,
  };
}

function isWithin(value: unknown, { minimum, maximum }: { readonly minimum: number; readonly maximum: number }) {
  return Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
}
