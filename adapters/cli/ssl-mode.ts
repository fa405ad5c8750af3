import { readFileSync } from 'node:fs';
import { UserError } from './user-error.js';

/** TLS as both drivers take it; what only one of them knows, the other ignores. */
export interface Ssl {
  readonly rejectUnauthorized: boolean;
  /** mysql2: whether the certificate must name the host. */
  readonly verifyIdentity?: boolean;
  /** pg: the check that the certificate names the host. */
  readonly checkServerIdentity?: () => undefined;
  readonly ca?: string;
}

/** By the names of libpq, and of the clients of MySQL and MariaDB in lower case. */
const MODES: ReadonlyMap<string, Ssl | false> = new Map<string, Ssl | false>([
  ['disable', false],
  ['disabled', false],
  ['require', { rejectUnauthorized: false }],
  ['required', { rejectUnauthorized: false }],
  ['verify-ca', { rejectUnauthorized: true, verifyIdentity: false, checkServerIdentity: () => undefined }],
  ['verify_ca', { rejectUnauthorized: true, verifyIdentity: false, checkServerIdentity: () => undefined }],
  ['verify-full', { rejectUnauthorized: true, verifyIdentity: true }],
  ['verify_identity', { rejectUnauthorized: true, verifyIdentity: true }],
]);

/** In any case, and however the words are joined, as clients and drivers of the databases have it. */
const MODE_PARAMETERS = /^ssl[-_]?mode$/i;
const CA_PARAMETERS = /^ssl[-_]?(?:rootcert|ca)$/i;

/** What other parameters of TLS are called: `useSSL`, `tls`. */
const TLS_PARAMETERS = /ssl|tls/i;

/** Those that the drivers themselves read. */
const DRIVER_PARAMETERS = new Set(['ssl', 'sslcert', 'sslkey', 'sslnegotiation']);

/**
 * What `sslmode` in the query of a location means, and `sslrootcert`, the file with the certificates to trust; both are
 * removed, since the drivers read them otherwise than libpq and the clients of MySQL do, or not at all.
 *
 * @returns `undefined` if neither is given: then the driver's own options hold
 * @throws UserError if they cannot be honoured
 */
export function takeSslMode(query: URLSearchParams): Ssl | false | undefined {
  const mode = take(query, MODE_PARAMETERS);
  const ca = take(query, CA_PARAMETERS);
  // A driver ignores what it does not know, and connects without encryption.
  for (const name of query.keys()) {
    if (!TLS_PARAMETERS.test(name) || DRIVER_PARAMETERS.has(name)) continue;
    throw invalid('One of its parameters is about TLS, but unknown. Use sslmode, and sslrootcert.');
  }
  if (mode === undefined) {
    if (ca === undefined) return undefined;
    throw invalid('sslrootcert needs sslmode=verify-ca or sslmode=verify-full.');
  }
  if (query.has('ssl')) throw invalid('Give sslmode or ssl, not both.');
  const ssl = MODES.get(mode.toLowerCase());
  if (ssl === undefined) {
    throw invalid(
      'The sslmode must be disable, require, verify-ca or verify-full. There is no falling back to another.',
    );
  }
  if (ca === undefined) return ssl;
  if (ssl === false || !ssl.rejectUnauthorized) {
    throw invalid('sslrootcert needs sslmode=verify-ca or sslmode=verify-full.');
  }
  return { ...ssl, ca: contentOf(ca) };
}

function take(query: URLSearchParams, name: RegExp): string | undefined {
  const found = [...query].filter(([given]) => name.test(given));
  // Deleting would also rewrite how the others are escaped.
  for (const [given] of found) query.delete(given);
  if (found.length > 1) throw invalid(`${found[0]?.[0]} is given more than once.`);
  return found[0]?.[1];
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw invalid('The file that sslrootcert names cannot be read.');
  }
}

function invalid(reason: string): UserError {
  return new UserError(`--database (or DOSSIER_DATABASE) is invalid. ${reason}`);
}
