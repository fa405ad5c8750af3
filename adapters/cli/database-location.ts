import { resolve } from 'node:path';
import { type Ssl, takeSslMode } from './ssl-mode.js';
import { UserError } from './user-error.js';

/** Where profiles are stored, as `--database` names it. */
export type DatabaseLocation = { readonly kind: 'memory' } | PersistentLocation;

/** A database that outlives the process. */
export type PersistentLocation = SqliteLocation | ServerLocation;

export interface SqliteLocation {
  readonly kind: 'sqlite';
  readonly filename: string;
}

/** A database on a server. */
export interface ServerLocation {
  readonly kind: 'pg' | 'mysql2';
  readonly url: string;
  /** For pg: what `sslmode` in the location means; for mysql2 it is in the URL. */
  readonly ssl?: Ssl | false | undefined;
}

const SERVERS: Readonly<Record<string, ServerLocation['kind']>> = {
  'postgres:': 'pg',
  'postgresql:': 'pg',
  'mysql:': 'mysql2',
  'mariadb:': 'mysql2',
};

const FORMS = 'sqlite:FILE, postgres://HOST/DATABASE or mysql://HOST/DATABASE';
const ESCAPES = 'In a user name or password, write %, @, /, # and ? as %25, %40, %2F, %23 and %3F.';

/**
 * Parses `sqlite:FILE`, or the URL of a database on a server.
 *
 * @throws UserError if the text is neither. The message leaves the text out, which may hold a password; an
 *   InvalidArgumentError of commander would quote it
 */
export function parsePersistentDatabase(text: string): PersistentLocation {
  const filename = /^sqlite:(.+)$/s.exec(text)?.[1];
  if (filename !== undefined) return { kind: 'sqlite', filename };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const kind = SERVERS[url?.protocol ?? ''];
  if (kind === undefined || !url || !isEscaped(url)) throw invalidLocation(`Expected ${FORMS}. ${ESCAPES}`);
  if (url.pathname.length < 2) throw invalidLocation(`The database name is missing. Expected ${FORMS}.`);
  const ssl = takeSslMode(url.searchParams);
  if (kind === 'mysql2' && ssl) url.searchParams.set('ssl', JSON.stringify(ssl));
  return { kind, url: forKnex(url, kind), ...(kind === 'pg' && ssl !== undefined && { ssl }) };
}

function invalidLocation(reason: string): UserError {
  return new UserError(`--database (or DOSSIER_DATABASE) is invalid. ${reason}`);
}

/** An unescaped `@`, `/` or `#` in a password would make part of it the host, which error messages name. */
function isEscaped({ hash, pathname, username, password }: URL): boolean {
  try {
    for (const part of [username, password, pathname]) decodeURIComponent(part);
  } catch {
    return false;
  }
  return hash === '' && !pathname.includes('@');
}

/** Each driver knows one scheme, and Knex does not unwrap an IPv6 host or decode a database name: the query does both. */
function forKnex(location: URL, kind: ServerLocation['kind']): string {
  const url = new URL(location.href.replace(/^[^:]+:/, kind === 'pg' ? 'postgres:' : 'mysql:'));
  const address = /^\[(.+)\]$/.exec(url.hostname)?.[1];
  if (address !== undefined && !url.searchParams.has('host')) url.searchParams.set('host', address);
  const name = url.pathname.slice(1);
  if (kind === 'mysql2' && name.includes('%')) url.searchParams.set('database', decodeURIComponent(name));
  return url.href;
}

/** Parses what {@link parsePersistentDatabase} does, and `memory:`. */
export function parseDatabase(text: string): DatabaseLocation {
  return text === 'memory:' ? { kind: 'memory' } : parsePersistentDatabase(text);
}

/** How messages name the database: without user, password and options. */
export function nameOfDatabase(location: DatabaseLocation): string {
  if (location.kind === 'memory') return 'memory:';
  if (location.kind === 'sqlite') return `sqlite:${location.filename}`;
  const { protocol, host, pathname } = new URL(location.url);
  return `${protocol}//${host}${pathname}`;
}

/** How notes beside files name the database: the next command may run in another folder, and open another file. */
export function identityOfDatabase(location: PersistentLocation): string {
  return nameOfDatabase(location.kind === 'sqlite' ? { ...location, filename: resolve(location.filename) } : location);
}
