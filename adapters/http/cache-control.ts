/**
 * Whether the caller wants what is so now, with every write that it was told of, rather than what a replica knows
 * (RFC 9111 section 5.2.1.4).
 */
export function wantsFresh(headers: Headers): boolean {
  const directives = headers.get('cache-control') ?? '';
  return directives.split(',').some((directive) => directive.trim().toLowerCase() === 'no-cache');
}
