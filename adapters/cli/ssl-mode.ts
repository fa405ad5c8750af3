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

const MODE_PARAMETERS = ['sslmode', 'ssl-mode'] as const;
const CA_PARAMETERS = ['sslrootcert', 'ssl-ca'] as const;

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

function take(query: URLSearchParams, names: readonly string[]): string | undefined {
  const values = names.flatMap((name) => query.getAll(name));
  // Deleting would also rewrite how the others are escaped.
  if (values.length > 0) for (const name of names) query.delete(name);
  if (values.length > 1) throw invalid(`${names[0]} is given more than once.`);
  return values[0];
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
