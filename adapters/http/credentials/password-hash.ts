import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { CredentialsUser, ScryptParameters } from './credentials.js';

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Above the memory of the largest parameters that {@link parseCredentials} accepts. */
const MAX_MEMORY = 2 ** 30;

const derive: (password: string, salt: Buffer, length: number, options: ScryptOptions) => Promise<Buffer> =
  promisify(scrypt);

export type PasswordHash = Pick<CredentialsUser, 'salt' | 'hash'>;

/** Hashes a password with a new salt. Passwords are normalized to NFC, as RFC 7617 recommends. */
export async function hashPassword(password: string, parameters: ScryptParameters): Promise<PasswordHash> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await hashWith(password, salt, parameters);
  return { salt: salt.toString('base64'), hash: hash.toString('base64') };
}

/** Compares in constant time. */
export async function isPassword(
  password: string,
  { salt, hash }: PasswordHash,
  parameters: ScryptParameters,
): Promise<boolean> {
  const derived = await hashWith(password, Buffer.from(salt, 'base64'), parameters);
  const expected = Buffer.from(hash, 'base64');
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

/** A hash that no password has. Checking against it takes as long for an unknown user as for a known one. */
export function randomHash(): PasswordHash {
  return { salt: randomBytes(SALT_BYTES).toString('base64'), hash: randomBytes(HASH_BYTES).toString('base64') };
}

function hashWith(password: string, salt: Buffer, parameters: ScryptParameters): Promise<Buffer> {
  return derive(password.normalize('NFC'), salt, HASH_BYTES, { ...parameters, maxmem: MAX_MEMORY });
}
