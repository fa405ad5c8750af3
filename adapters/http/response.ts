type ResponseHeaders = Readonly<Record<string, string>>;

export function jsonResponse(status: number, body: unknown, headers: ResponseHeaders = {}): Response {
  return jsonTextResponse(status, JSON.stringify(body), headers);
}

/** A response whose body is JSON text already. */
export function jsonTextResponse(status: number, text: string, headers: ResponseHeaders = {}): Response {
  return new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } });
}

/** A response without a body. */
export function emptyResponse(status: 204 | 304, headers: ResponseHeaders = {}): Response {
  return new Response(null, { status, headers });
}
