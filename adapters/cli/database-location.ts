import { UserError } from './user-error.js';

/** Where profiles are kept. */
export type DatabaseLocation = { readonly kind: 'memory' } | LastingLocation;

/** One that outlives the process. */
export type LastingLocation = SqliteLocation | ServerLocation;

export interface SqliteLocation {
  readonly kind: 'sqlite';
  readonly filename: string;
}

/** A database on a server. */
export interface ServerLocation {
  readonly kind: 'pg' | 'mysql2';
  readonly url: string;
}

const SERVERS: Readonly<Record<string, ServerLocation['kind']>> = {
  'postgres:': 'pg',
  'postgresql:': 'pg',
  'mysql:': 'mysql2',
  'mariadb:': 'mysql2',
};

const FORMS = 'sqlite:FILE, postgres://HOST/DATABASE or mysql://HOST/DATABASE';
const ESCAPES = 'In a user or password, %, @, /, # and ? are written as %25, %40, %2F, %23 and %3F.';

/**
 * `sqlite:` with the name of a file, or the URL of a database on a server.
 *
 * @throws UserError if it is neither. It does not repeat the text, as an error of commander would: that may hold a password
 */
export function parseLastingDatabase(text: string): LastingLocation {
  const filename = /^sqlite:(.+)$/s.exec(text)?.[1];
  if (filename !== undefined) return { kind: 'sqlite', filename };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const kind = SERVERS[url?.protocol ?? ''];
  if (kind === undefined || !url || !isEscaped(url)) throw notValid(`Expected ${FORMS}. ${ESCAPES}`);
  if (url.pathname.length < 2) throw notValid(`It lacks the name of the database. Expected ${FORMS}.`);
  return { kind, url: forKnex(url, kind) };
}

function notValid(reason: string): UserError {
  return new UserError(`The location of the database is not valid. ${reason}`);
}

/** Otherwise a part of the password would be taken for the host, and be told in errors. */
function isEscaped({ hash, pathname, username, password }: URL): boolean {
  try {
    for (const part of [username, password, pathname]) decodeURIComponent(part);
  } catch {
    return false;
  }
  return hash === '' && !pathname.includes('@');
}

/** The drivers know one name each; and Knex hands a host in brackets, or an escaped name, on as it is. */
function forKnex(location: URL, kind: ServerLocation['kind']): string {
  const url = new URL(location.href.replace(/^[^:]+:/, kind === 'pg' ? 'postgres:' : 'mysql:'));
  const address = /^\[(.+)\]$/.exec(url.hostname)?.[1];
  if (address !== undefined && !url.searchParams.has('host')) url.searchParams.set('host', address);
  const name = url.pathname.slice(1);
  if (kind === 'mysql2' && name.includes('%')) url.searchParams.set('database', decodeURIComponent(name));
  return url.href;
}

/** As {@link parseLastingDatabase}, and `memory:`. */
export function parseDatabase(text: string): DatabaseLocation {
  return text === 'memory:' ? { kind: 'memory' } : parseLastingDatabase(text);
}

/** For people, and without the password. */
export function nameOfDatabase(location: LastingLocation): string {
  if (location.kind === 'sqlite') return `sqlite:${location.filename}`;
  const { protocol, host, pathname } = new URL(location.url);
  return `${protocol}//${host}${pathname}`;
}
