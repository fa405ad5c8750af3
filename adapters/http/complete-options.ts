import { InvalidOptionsError, type Violation } from 'dossier';
import type { ProfileApiOptions, ProfileApiSettings } from './profile-api-options.js';
import type { Services } from './services.js';
import { canonicalTenant, TENANT_FORM } from './tenant.js';

const BASE_PATH = /^(?:\/|(?:\/[A-Za-z0-9._~-]+)+)$/;
const CHALLENGE = /^[!-~](?:[ -~]*[!-~])?$/;
const MAX_BODY_BYTES = 2 ** 30;

const PROFILE_METHODS: Readonly<Record<keyof Services['profiles'], true>> = {
  create: true,
  get: true,
  identify: true,
  replace: true,
  delete: true,
  insertRecords: true,
  updateRecord: true,
  deleteRecord: true,
  merge: true,
  import: true,
  ping: true,
};

const SCHEMA_METHODS: Readonly<Record<keyof Services['schemas'], true>> = {
  get: true,
  defineAttributes: true,
  getExtension: true,
  addExtension: true,
  removeExtension: true,
  getKey: true,
  addKey: true,
  removeKey: true,
};

interface OptionCheck {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

const SERVICE_CHECKS: Readonly<Record<keyof Services, OptionCheck>> = {
  profiles: { expected: 'a ProfileService', accepts: (value) => hasMethods(value, PROFILE_METHODS) },
  schemas: { expected: 'a SchemaService', accepts: (value) => hasMethods(value, SCHEMA_METHODS) },
};

const OPTION_CHECKS: Readonly<Record<keyof ProfileApiOptions, OptionCheck>> = {
  basePath: { expected: '/ or a path such as /crm', accepts: optional((value) => matches(value, BASE_PATH)) },
  defaultTenant: { expected: '1 to 18 decimal digits', accepts: optional((value) => matches(value, TENANT_FORM)) },
  authenticate: { expected: 'a function', accepts: optional(isFunction) },
  challenge: { expected: 'a header value', accepts: optional((value) => matches(value, CHALLENGE)) },
  maxBodyBytes: { expected: 'an integer from 1 to 1 GiB', accepts: optional(isBodyLimit) },
  maxImportBytes: { expected: 'a positive integer', accepts: optional(isPositiveInteger) },
  onRequest: { expected: 'a function', accepts: optional(isFunction) },
  onError: { expected: 'a function', accepts: optional(isFunction) },
};

/** @throws InvalidOptionsError with all problems at once */
export function completeOptions(services: Services, options: ProfileApiOptions): ProfileApiSettings {
  const violations = [
    ...breaches(services, SERVICE_CHECKS),
    ...breaches(options, OPTION_CHECKS),
    ...unknownOptions(options),
  ];
  if (violations.length > 0) throw new InvalidOptionsError(violations);
  const { defaultTenant } = options;
  return {
    profiles: services.profiles,
    schemas: services.schemas,
    basePath: options.basePath ?? '/',
    defaultTenant: defaultTenant === undefined ? undefined : canonicalTenant(defaultTenant),
    authenticate: options.authenticate,
    challenge: options.challenge ?? 'Basic realm="Dossier", charset="UTF-8"',
    maxBodyBytes: options.maxBodyBytes ?? 2 ** 20,
    maxImportBytes: options.maxImportBytes ?? Number.POSITIVE_INFINITY,
    onRequest: options.onRequest ?? (() => undefined),
    onError: options.onError ?? (() => undefined),
  };
}

function breaches(given: unknown, checks: Readonly<Record<string, OptionCheck>>): Violation[] {
  const values = new Map<string, unknown>(Object.entries(given ?? {}));
  return Object.entries(checks)
    .filter(([name, { accepts }]) => !accepts(values.get(name)))
    .map(([name, { expected }]) => ({ pointer: `/${name}`, rule: '', expected }));
}

function unknownOptions(options: unknown): Violation[] {
  return Object.keys(options ?? {})
    .filter((name) => !Object.hasOwn(OPTION_CHECKS, name))
    .map((name) => ({ pointer: `/${name}`, rule: '', expected: 'no such option' }));
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

function isPositiveInteger(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function hasMethods(value: unknown, methods: object): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(methods).every((name) => isFunction(Reflect.get(value, name)));
}
