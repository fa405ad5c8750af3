import { InvalidArgumentError } from 'commander';

/** Where profiles are kept. */
export type DatabaseLocation = { readonly kind: 'memory' } | { readonly kind: 'sqlite'; readonly filename: string };

/** A port to listen on; 0 takes a free one. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^[0-9]{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return port;
}

/** `memory:`, or `sqlite:` with the name of a file. */
export function parseDatabase(text: string): DatabaseLocation {
  if (text === 'memory:') return { kind: 'memory' };
  const filename = /^sqlite:(.+)$/s.exec(text)?.[1];
  if (filename === undefined) throw new InvalidArgumentError('Expected memory: or sqlite:FILE.');
  return { kind: 'sqlite', filename };
}

export function parseTenant(text: string): string {
  if (!/^[0-9]{1,18}$/.test(text)) throw new InvalidArgumentError('Expected 1 to 18 decimal digits.');
  return text;
}

export function parseBasePath(text: string): string {
  if (!/^\/(?:[A-Za-z0-9._~-]+(?:\/[A-Za-z0-9._~-]+)*)?$/.test(text)) {
    throw new InvalidArgumentError('Expected / or a path such as /crm.');
  }
  return text;
}
