import type { Principal } from '../principal.js';

/** What scrypt costs: memory is 128 · N · r bytes, time grows with N · r · p. */
export interface ScryptParameters {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** Someone who may call, with a salted hash of the password, both in Base64. */
export interface CredentialsUser extends Principal {
  readonly salt: string;
  readonly hash: string;
}

/** Who may call, by name and password. The hashes cost all the same, so that time does not tell who is there. */
export interface Credentials {
  readonly scrypt: ScryptParameters;
  readonly users: readonly CredentialsUser[];
}

/** Nobody, yet: 32 MiB and three rounds for each password. */
export const NO_CREDENTIALS: Credentials = { scrypt: { N: 2 ** 15, r: 8, p: 3 }, users: [] };
