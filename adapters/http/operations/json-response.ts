import { entityTag, isKnownToCaller } from '../entity-tags.js';

type ResponseHeaders = Readonly<Record<string, string>>;

export function jsonResponse(status: number, body: unknown, headers: ResponseHeaders = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...headers, 'content-type': 'application/json' } });
}

/** The answer to a GET: a 304 without a body where the caller already has this revision (W3). */
export function conditionalResponse(
  request: Headers,
  revision: number,
  body: unknown,
  headers: ResponseHeaders = {},
): Response {
  const tagged = { ...headers, etag: entityTag(revision) };
  if (isKnownToCaller(request, revision)) return new Response(null, { status: 304, headers: tagged });
  return jsonResponse(200, body, tagged);
}
