import { createHmac, randomBytes } from 'node:crypto';
import type { Principal } from '../access.js';
import { type NameAndPassword, parseBasicHeader } from './basic-header.js';
import { type BasicAuthenticationOptions, readBasicAuthenticationOptions } from './basic-options.js';
import { createBoundedQueue } from './bounded-queue.js';
import type { Credentials, CredentialsUser } from './credentials.js';
import { isPassword, randomHash } from './password-hash.js';
import { createSharedWork } from './shared-work.js';
import { VerifiedPasswords } from './verified-passwords.js';

/**
 * HTTP Basic authentication (RFC 7617) for {@link createProfileApi}. Unknown users and wrong passwords take the same time
 * to refuse. A correct password is remembered until five minutes after its last use; a change of the credentials takes
 * effect immediately.
 *
 * ```ts
 * const authenticate = basicAuthentication(credentialsFile('/etc/dossier/credentials.json'));
 * const api = createProfileApi(dossier, { authenticate });
 * ```
 *
 * Requests with the same name and password share one hash. A request waits for a hash at most behind
 * {@link BasicAuthenticationOptions.maxWaitingHashes} others; any further one gets a 429 with `Retry-After`. A request
 * whose client has left is dropped.
 *
 * Clients send the password in clear text, so use TLS, except on one machine.
 *
 * @param credentials the users, or a function that returns them and is called with every request
 * @throws InvalidOptionsError with a violation for each option that is not valid
 */
export function basicAuthentication(
  credentials: Credentials | (() => Credentials | Promise<Credentials>),
  options: BasicAuthenticationOptions = {},
): (request: Request) => Promise<Principal | undefined> {
  const { maxConcurrentHashes, maxWaitingHashes } = readBasicAuthenticationOptions(options);
  const source = typeof credentials === 'function' ? credentials : () => credentials;
  const verified = new VerifiedPasswords();
  const queue = createBoundedQueue({ running: maxConcurrentHashes, waiting: maxWaitingHashes });
  const checks = createSharedWork<boolean>();
  const hashOfUnknownUser = randomHash();
  const digestKey = randomBytes(32);

  return async (request) => {
    const given = parseBasicHeader(request.headers.get('authorization'));
    if (!given) return undefined;
    const { scrypt, users } = await source();
    const user = users.find(({ name }) => name === given.name);
    const { salt, hash } = user ?? hashOfUnknownUser;
    const digest = digestOf(given, hash, digestKey);
    if (!verified.has(digest)) {
      const hashOnce = (signal: AbortSignal) => queue(() => isPassword(given.password, { salt, hash }, scrypt), signal);
      const isRight = await checks(digest, hashOnce, request.signal);
      if (!isRight) return undefined;
      verified.add(digest);
    }
    return user && principalOf(user);
  };
}

/**
 * Identifies a name and password in memory, without the password itself.
 *
 * @param hash the stored hash of the user's password, so that a new password invalidates what is known of the old one
 */
function digestOf({ name, password }: NameAndPassword, hash: string, key: Buffer): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([name, password, hash]))
    .digest('base64');
}

function principalOf({ salt: _, hash: __, ...principal }: CredentialsUser): Principal {
  return principal;
}
