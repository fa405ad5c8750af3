import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { CredentialsUser, ScryptParameters } from './credentials.js';

const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** More than any parameters that {@link readCredentials} accepts take. */
const MAX_MEMORY = 2 ** 30;

const derive: (password: string, salt: Buffer, length: number, options: ScryptOptions) => Promise<Buffer> =
  promisify(scrypt);

export type PasswordHash = Pick<CredentialsUser, 'salt' | 'hash'>;

/** Hashes a password with a fresh salt. Unicode is compared by its composed form, as RFC 7617 has it. */
export async function hashPassword(password: string, parameters: ScryptParameters): Promise<PasswordHash> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await hashWith(password, salt, parameters);
  return { salt: salt.toString('base64'), hash: hash.toString('base64') };
}

/** Takes the same time whether the password is right or wrong. */
export async function isPassword(
  password: string,
  { salt, hash }: PasswordHash,
  parameters: ScryptParameters,
): Promise<boolean> {
  const derived = await hashWith(password, Buffer.from(salt, 'base64'), parameters);
  const expected = Buffer.from(hash, 'base64');
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

/** A hash of no password, in the place of that of a user who is not there. */
export function unknownHash(): PasswordHash {
  return { salt: randomBytes(SALT_BYTES).toString('base64'), hash: randomBytes(HASH_BYTES).toString('base64') };
}

function hashWith(password: string, salt: Buffer, parameters: ScryptParameters): Promise<Buffer> {
  return derive(password.normalize('NFC'), salt, HASH_BYTES, { ...parameters, maxmem: MAX_MEMORY });
}
