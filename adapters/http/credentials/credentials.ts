import type { Principal } from '../access.js';

/** The cost parameters of scrypt: memory is 128 · N · r bytes, time grows with N · r · p. */
export interface ScryptParameters {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** A user with the salt and the hash of the password, both in Base64. */
export interface CredentialsUser extends Principal {
  readonly salt: string;
  readonly hash: string;
}

/** The users who may call the API. All hashes have the same cost, so that timing does not reveal which users exist. */
export interface Credentials {
  readonly scrypt: ScryptParameters;
  readonly users: readonly CredentialsUser[];
}

/** Credentials without users, to start from. A password takes 32 MiB and three rounds of scrypt. */
export const NO_CREDENTIALS: Credentials = { scrypt: { N: 2 ** 15, r: 8, p: 3 }, users: [] };
