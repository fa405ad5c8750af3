type ResponseHeaders = Readonly<Record<string, string>>;

export function jsonResponse(status: number, body: unknown, headers: ResponseHeaders = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

/** A response without a body. */
export function emptyResponse(status: 204 | 304, headers: ResponseHeaders = {}): Response {
  return new Response(null, { status, headers });
}
