import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Why the server does not pass a request on to the API. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

/** A refused request in the log: there is no API to log it. */
export interface RefusalLogEntry {
  readonly requestId: string;
  /** Absent if the request could not be parsed. */
  readonly method: string | undefined;
  readonly status: number;
  readonly code: string;
  /** The address of the client. */
  readonly client: string | undefined;
}

/** A response as Node takes it. */
export interface RefusalResponse {
  readonly requestId: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The form of request ids, as in the API. */
const REQUEST_ID = /^[!-~](?:[ -~]{0,126}[!-~])?$/;

/** The response to a refused request, with the headers that every response of the API has. */
export function refusalResponse(
  { status, code, title, detail }: Refusal,
  { 'x-request-id': given }: IncomingHttpHeaders = {},
): RefusalResponse {
  const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
  const body = JSON.stringify({ type: `urn:dossier:error:${code}`, title, status, code, detail });
  const headers = {
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'private, no-cache, no-transform',
    vary: 'authorization, x-genesys-tenantid',
    'x-request-id': requestId,
    ...(status === 503 && { 'retry-after': '5' }),
  };
  return { requestId, status, headers, body };
}

export function malformed(detail: string): Refusal {
  return { status: 400, code: 'malformed_request', title: 'Malformed request', detail };
}

/** For a header Expect of another value than `100-continue` (RFC 9110 §10.1.1). */
export const UNKNOWN_EXPECTATION: Refusal = { ...malformed('The header Expect must be 100-continue.'), status: 417 };

/** What Node's parser has found; its codes are documented for the event `clientError`. */
export function parserRefusal({ code }: NodeJS.ErrnoException): Refusal {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const detail = 'The headers did not arrive in time.';
    return { status: 408, code: 'request_timeout', title: 'Request timeout', detail };
  }
  if (code === 'HPE_HEADER_OVERFLOW') return { ...malformed('The headers are too large.'), status: 431 };
  return malformed('The request is not valid HTTP.');
}
