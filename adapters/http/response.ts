type ResponseHeaders = Readonly<Record<string, string>>;

export function jsonResponse(status: number, body: unknown, headers: ResponseHeaders = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

/** An answer without a body: 204, or 304 where the caller has it already. */
export function emptyResponse(status: 204 | 304, headers: ResponseHeaders = {}): Response {
  return new Response(null, { status, headers });
}
