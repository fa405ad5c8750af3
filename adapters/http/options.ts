import { InvalidOptionsError, type Violation } from 'dossier';
import { type Authenticate, canonicalTenant, TENANT_FORM } from './access.js';
import type { BodyPace } from './request-body.js';
import type { RequestLogEntry } from './request-log-entry.js';
import { ServerModeCache } from './server-mode.js';
import { PROFILE_METHODS, SCHEMA_METHODS, type Services } from './services.js';

/** The options of {@link createProfileApi}. */
export interface ProfileApiOptions {
  /** The path prefix of every route, such as `/crm`. Default `/`. Not needed if you mount the API with Hono's `app.route`. */
  readonly basePath?: string | undefined;
  /** The tenant of requests without `X-Genesys-TenantId`: 1 to 18 decimal digits. Without it such requests get a 400 (W1). */
  readonly defaultTenant?: string | undefined;
  /**
   * Identifies the caller of a request. Must not read the body. Without it every caller is an administrator, but may not
   * set segments.
   */
  readonly authenticate?: Authenticate | undefined;
  /** The `WWW-Authenticate` header of every 401. Default `Basic realm="Dossier", charset="UTF-8"`. */
  readonly challenge?: string | undefined;
  /** The maximum size of a JSON body in bytes, 1 to 1,073,741,824 (1 GiB). Default 1,048,576 (1 MiB). */
  readonly maxBodyBytes?: number | undefined;
  /**
   * The maximum size of an import body in bytes. Default: no limit. Imports are streamed, so memory use does not depend
   * on the size. When an import exceeds the limit, the rows before it stay imported.
   */
  readonly maxImportBytes?: number | undefined;
  /**
   * The most that the profiles of one page of `GET /profiles` may take, in bytes of JSON, 1 to 1,073,741,824 (1 GiB). A
   * page has at least one profile, and `Link` leads to the next. Default 8,388,608 (8 MiB).
   */
  readonly maxPageBytes?: number | undefined;
  /**
   * The time that a body may take to arrive, in milliseconds from 1 to 2,147,483,647, beside what `minBodyRate` adds.
   * Only the time counts that is spent waiting for the client. Default 30,000. A slower body gets a 408.
   */
  readonly bodyTimeoutMs?: number | undefined;
  /**
   * The slowest progress of a body, in bytes per second: each so many bytes that have arrived add a second to
   * `bodyTimeoutMs`. Default 1,024.
   */
  readonly minBodyRate?: number | undefined;
  /**
   * The most members of one object of a JSON body, and of a row of NDJSON. Default 16,384, more than any schema has
   * names. An object with more is a 400.
   */
  readonly maxObjectMembers?: number | undefined;
  /**
   * Abort its controller when the server is about to stop: clients that wait for changes are answered at once, and streams of
   * events end. Default: they end by themselves, which takes up to five minutes.
   */
  readonly closing?: AbortSignal | undefined;
  /** Called after each request. Must not throw. */
  readonly onRequest?: ((entry: RequestLogEntry) => void) | undefined;
  /**
   * Called with the error behind each response with a status of 500 or above, but for `maintenance`; the response does not
   * show it. Must not throw. The message of a driver's error may contain stored values.
   */
  readonly onError?: ((error: unknown, requestId: string) => void) | undefined;
}

/** The services and options with all defaults applied. */
export interface ProfileApiSettings extends Services {
  readonly serverMode: ServerModeCache;
  readonly basePath: string;
  readonly defaultTenant: string | undefined;
  readonly authenticate: Authenticate | undefined;
  readonly challenge: string;
  readonly maxBodyBytes: number;
  readonly maxImportBytes: number;
  readonly maxPageBytes: number;
  readonly bodyPace: BodyPace;
  readonly maxObjectMembers: number;
  readonly closing: AbortSignal | undefined;
  readonly onRequest: ((entry: RequestLogEntry) => void) | undefined;
  readonly onError: ((error: unknown, requestId: string) => void) | undefined;
}

const BASE_PATH = /^(?:\/|(?:\/[A-Za-z0-9._~-]+)+)$/;
const CHALLENGE = /^[!-~](?:[ -~]*[!-~])?$/;
const MAX_BODY_BYTES = 2 ** 30;
/** The longest delay of a timer. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

interface OptionCheck {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

const SERVICE_CHECKS: Readonly<Record<keyof Services, OptionCheck>> = {
  profiles: {
    expected: 'a ProfileService, such as the profiles of createDossier(…)',
    accepts: (value) => hasMethods(value, PROFILE_METHODS),
  },
  schemas: {
    expected: 'a SchemaService, such as the schemas of createDossier(…)',
    accepts: (value) => hasMethods(value, SCHEMA_METHODS),
  },
};

const OPTION_CHECKS: Readonly<Record<keyof ProfileApiOptions, OptionCheck>> = {
  basePath: {
    expected: '"/" or a path such as "/crm", without a slash at the end',
    accepts: optional((value) => matches(value, BASE_PATH)),
  },
  defaultTenant: {
    expected: 'a string of 1 to 18 decimal digits',
    accepts: optional((value) => matches(value, TENANT_FORM)),
  },
  authenticate: { expected: 'a function', accepts: optional(isFunction) },
  challenge: {
    expected: 'the value of a WWW-Authenticate header, in printable ASCII',
    accepts: optional((value) => matches(value, CHALLENGE)),
  },
  maxBodyBytes: { expected: `an integer from 1 to ${MAX_BODY_BYTES}`, accepts: optional(isBodyLimit) },
  maxImportBytes: {
    expected: 'a positive integer; leave it out for no limit',
    accepts: optional(isPositiveInteger),
  },
  maxPageBytes: { expected: `an integer from 1 to ${MAX_BODY_BYTES}`, accepts: optional(isBodyLimit) },
  bodyTimeoutMs: { expected: `an integer from 1 to ${MAX_TIMEOUT_MS}`, accepts: optional(isTimeout) },
  minBodyRate: { expected: 'a positive integer', accepts: optional(isPositiveInteger) },
  maxObjectMembers: { expected: 'a positive integer', accepts: optional(isPositiveInteger) },
  closing: { expected: 'an AbortSignal', accepts: optional((value) => value instanceof AbortSignal) },
  onRequest: { expected: 'a function', accepts: optional(isFunction) },
  onError: { expected: 'a function', accepts: optional(isFunction) },
};

/**
 * Checks the arguments of {@link createProfileApi} and applies the defaults.
 *
 * @throws InvalidOptionsError with a violation for each argument or option that is not valid
 */
export function readOptions(services: Services, options: ProfileApiOptions): ProfileApiSettings {
  const violations = [
    ...findViolations(services, SERVICE_CHECKS),
    ...findViolations(options, OPTION_CHECKS),
    ...findUnknownOptions(options),
  ];
  if (violations.length > 0) throw new InvalidOptionsError(violations);
  const { defaultTenant } = options;
  return {
    profiles: services.profiles,
    schemas: services.schemas,
    serverMode: new ServerModeCache(services.profiles),
    basePath: options.basePath ?? '/',
    defaultTenant: defaultTenant === undefined ? undefined : canonicalTenant(defaultTenant),
    authenticate: options.authenticate,
    challenge: options.challenge ?? 'Basic realm="Dossier", charset="UTF-8"',
    maxBodyBytes: options.maxBodyBytes ?? 2 ** 20,
    maxImportBytes: options.maxImportBytes ?? Number.POSITIVE_INFINITY,
    maxPageBytes: options.maxPageBytes ?? 2 ** 23,
    bodyPace: { timeoutMs: options.bodyTimeoutMs ?? 30_000, minRate: options.minBodyRate ?? 1_024 },
    maxObjectMembers: options.maxObjectMembers ?? 16_384,
    closing: options.closing,
    onRequest: options.onRequest,
    onError: options.onError,
  };
}

/** Reads members as they are used: an accessor, or a prototype, may have them. */
function findViolations(given: unknown, checks: Readonly<Record<string, OptionCheck>>): Violation[] {
  const members = (given ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(checks)
    .filter(([name, { accepts }]) => !accepts(members[name]))
    .map(([name, { expected }]) => ({ pointer: `/${name}`, rule: '', expected }));
}

function findUnknownOptions(options: unknown): Violation[] {
  if (typeof options !== 'object' || options === null)
    return [{ pointer: '', rule: '', expected: 'an object of options' }];
  const expected = `one of the options ${Object.keys(OPTION_CHECKS).join(', ')}`;
  return Object.keys(options)
    .filter((name) => !Object.hasOwn(OPTION_CHECKS, name))
    .map((name) => ({ pointer: `/${name}`, rule: '', expected }));
}

function optional(accepts: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === undefined || accepts(value);
}

function matches(value: unknown, form: RegExp): boolean {
  return typeof value === 'string' && form.test(value);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function isBodyLimit(value: unknown): boolean {
  return isPositiveInteger(value) && Number(value) <= MAX_BODY_BYTES;
}

function isTimeout(value: unknown): boolean {
  return isPositiveInteger(value) && Number(value) <= MAX_TIMEOUT_MS;
}

function isPositiveInteger(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function hasMethods(value: unknown, methods: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return methods.every((name) => isFunction(Reflect.get(value, name)));
}
