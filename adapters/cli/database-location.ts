import { InvalidArgumentError } from 'commander';

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

/** `sqlite:` with the name of a file, or the URL of a database on a server. */
export function parseLastingDatabase(text: string): LastingLocation {
  const filename = /^sqlite:(.+)$/s.exec(text)?.[1];
  if (filename !== undefined) return { kind: 'sqlite', filename };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const kind = SERVERS[url?.protocol ?? ''];
  if (kind === undefined || !url || url.pathname.length < 2) {
    throw new InvalidArgumentError('Expected sqlite:FILE, postgres://HOST/DATABASE or mysql://HOST/DATABASE.');
  }
  // The drivers know one name each.
  return { kind, url: text.replace(/^[^:]+:/, kind === 'pg' ? 'postgres:' : 'mysql:') };
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
