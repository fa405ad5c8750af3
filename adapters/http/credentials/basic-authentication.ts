import type { Principal } from '../principal.js';
import { parseBasicHeader } from './basic-header.js';
import type { Credentials, CredentialsUser } from './credentials.js';
import { isPassword, randomHash } from './password-hash.js';
import { createSemaphore } from './semaphore.js';
import { VerifiedPasswords } from './verified-passwords.js';

/** Each hash takes memory and one of the four threads of Node's pool, so leave threads for other work. */
const MAX_CONCURRENT_HASHES = 2;

/**
 * HTTP Basic authentication (RFC 7617) for {@link createProfileApi}. Unknown users and wrong passwords take the same time
 * to refuse. A correct password is cached for up to five minutes; a change of the credentials takes effect immediately.
 *
 * ```ts
 * const authenticate = basicAuthentication(credentialsFile('/etc/dossier/credentials.json'));
 * const api = createProfileApi(dossier, { authenticate });
 * ```
 *
 * Clients send the password in clear text, so use TLS, except on one machine.
 *
 * @param credentials the users, or a function that returns them and is called with every request
 */
export function basicAuthentication(
  credentials: Credentials | (() => Credentials | Promise<Credentials>),
): (request: Request) => Promise<Principal | undefined> {
  const source = typeof credentials === 'function' ? credentials : () => credentials;
  const verified = new VerifiedPasswords();
  const withPermit = createSemaphore(MAX_CONCURRENT_HASHES);
  const hashOfUnknownUser = randomHash();

  return async (request) => {
    const given = parseBasicHeader(request.headers.get('authorization'));
    if (!given) return undefined;
    const { scrypt, users } = await source();
    const user = users.find(({ name }) => name === given.name);
    const { salt, hash } = user ?? hashOfUnknownUser;
    if (!verified.has(given, hash)) {
      const isRight = await withPermit(() => isPassword(given.password, { salt, hash }, scrypt));
      if (!isRight) return undefined;
      verified.add(given, hash);
    }
    return user && principalOf(user);
  };
}

function principalOf({ salt: _, hash: __, ...principal }: CredentialsUser): Principal {
  return principal;
}
