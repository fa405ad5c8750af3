import type { Principal } from '../principal.js';
import { parseBasicHeader } from './basic-header.js';
import type { Credentials, CredentialsUser } from './credentials.js';
import { isPassword, unknownHash } from './password-hash.js';
import { Turns } from './turns.js';
import { VerifiedPasswords } from './verified-passwords.js';

/**
 * How many passwords are hashed at once. Each takes memory, and one of the four threads that Node has for such work, of
 * which some are left for other work.
 */
const AT_ONCE = 2;

/**
 * Authenticates by HTTP Basic (RFC 7617), for `createProfileApi`. It takes as long to refuse a user who is not there as
 * a password that is wrong. A password that was right is taken as right for up to five minutes without being hashed
 * again; a change of the credentials counts at once.
 *
 * ```ts
 * const authenticate = basicAuthentication(credentialsFile('/etc/dossier/credentials.json'));
 * const api = createProfileApi(dossier, { authenticate });
 * ```
 *
 * The password goes over the wire in clear: use it behind TLS, or on one machine.
 *
 * @param credentials who may call; as a function it is asked with every request
 */
export function basicAuthentication(
  credentials: Credentials | (() => Credentials | Promise<Credentials>),
): (request: Request) => Promise<Principal | undefined> {
  const source = typeof credentials === 'function' ? credentials : () => credentials;
  const verified = new VerifiedPasswords();
  const turns = new Turns(AT_ONCE);
  const unknown = unknownHash();

  return async (request) => {
    const given = parseBasicHeader(request.headers.get('authorization'));
    if (!given) return undefined;
    const { scrypt, users } = await source();
    const user = users.find(({ name }) => name === given.name);
    const { salt, hash } = user ?? unknown;
    if (!verified.has(given, hash)) {
      const isRight = await turns.take(() => isPassword(given.password, { salt, hash }, scrypt));
      if (!isRight) return undefined;
      verified.add(given, hash);
    }
    return user && principalOf(user);
  };
}

function principalOf({ salt: _, hash: __, ...principal }: CredentialsUser): Principal {
  return principal;
}
