/**
 * Whether the request has `Cache-Control: no-cache` (RFC 9111 §5.2.1.4). It then reads from the primary storage, not from
 * a replica that may lag behind.
 */
export function requestsFresh(headers: Headers): boolean {
  const directives = headers.get('cache-control') ?? '';
  return directives.split(',').some((directive) => directive.trim().toLowerCase() === 'no-cache');
}
