import { ROLES, TENANT_FORM } from '../access.js';
import type { Credentials, CredentialsUser, ScryptParameters } from './credentials.js';

/** Safe for the request log, and without colons, which RFC 7617 forbids. */
const USER_NAME_FORM = /^[A-Za-z0-9._@~-]{1,64}$/;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Returns `undefined` if the value is not valid. Unknown members are not: a misspelt `tenants` would let a user into all. */
export function parseCredentials(value: unknown): Credentials | undefined {
  if (!isObject(value) || !isScrypt(value.scrypt) || !Array.isArray(value.users)) return undefined;
  if (Object.keys(value).length > 2) return undefined;
  const users: unknown[] = value.users;
  if (!users.every(isUser)) return undefined;
  const names = new Set(users.map(({ name }) => name));
  return names.size === users.length ? { scrypt: value.scrypt, users } : undefined;
}

function isScrypt(value: unknown): value is ScryptParameters {
  if (!isObject(value)) return false;
  const { N, r, p } = value;
  return isWithin(N, 2 ** 14, 2 ** 18) && Number.isInteger(Math.log2(N)) && isWithin(r, 8, 16) && isWithin(p, 1, 16);
}

function isUser(value: unknown): value is CredentialsUser {
  if (!isObject(value)) return false;
  const { name, role, tenants, maySetSegment, maySetActor, salt, hash, ...others } = value;
  return (
    Object.keys(others).length === 0 &&
    matches(name, USER_NAME_FORM) &&
    ROLES.some((known) => known === role) &&
    (tenants === undefined || (Array.isArray(tenants) && tenants.every((tenant) => matches(tenant, TENANT_FORM)))) &&
    [maySetSegment, maySetActor].every((flag) => flag === undefined || typeof flag === 'boolean') &&
    matches(salt, BASE64) &&
    matches(hash, BASE64)
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

function matches(value: unknown, form: RegExp): boolean {
  return typeof value === 'string' && form.test(value);
}
