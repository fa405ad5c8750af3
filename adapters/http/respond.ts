import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { TENANT_HEADER } from './access.js';
import { dispatch, type RoutedRequest } from './dispatch.js';
import { driverCodeOf } from './driver-code.js';
import { ImportFailure } from './import-failure.js';
import type { ProfileApiSettings } from './options.js';
import { codeOf, problemResponse } from './problem.js';
import type { MutableLogEntry } from './request-log-entry.js';
import { wireCounts } from './wire-counts.js';

const REQUEST_ID_HEADER = 'x-request-id';

/** 1 to 128 visible ASCII characters, with blanks inside. */
const REQUEST_ID = /^[!-~](?:[ -~]{0,126}[!-~])?$/;

/** What nginx logs for a client that has left before the answer. Nobody receives it. */
const CLIENT_CLOSED_REQUEST = 499;

/** Handles a request: always returns a response, and reports the request to the host. */
export async function respond(routed: RoutedRequest, settings: ProfileApiSettings): Promise<Response> {
  const started = performance.now();
  const { context, resource } = routed;
  const request = context.req.raw;
  const entry: MutableLogEntry = {
    requestId: requestIdOf(request.headers),
    method: request.method,
    route: resource?.path,
  };
  const response = await dispatch(routed, settings, entry).catch((thrown: unknown) => {
    const failure = thrown instanceof ImportFailure ? thrown : undefined;
    const error = failure ? failure.cause : thrown;
    const { signal } = request;
    if (signal.aborted && error === signal.reason) return new Response(null, { status: CLIENT_CLOSED_REQUEST });
    entry.code = codeOf(error);
    entry.driverCode = driverCodeOf(error);
    const problem = problemResponse(
      error,
      settings.challenge,
      failure && { import: wireCounts(failure.counts, failure.failedLines) },
    );
    if (problem.status === 401) entry.client = clientOf(context);
    if (problem.status >= 500 && entry.code !== 'maintenance') settings.onError?.(error, entry.requestId);
    return problem;
  });
  response.headers.set(REQUEST_ID_HEADER, entry.requestId);
  // A response depends on the tenant and the caller, so caches must revalidate it and must not share it (R17). A
  // transformation on the way, such as compression, would weaken its entity tag (W3).
  response.headers.set('cache-control', 'private, no-cache, no-transform');
  response.headers.set('vary', `authorization, ${TENANT_HEADER}`);
  settings.onRequest?.({ ...entry, status: response.status, durationMs: performance.now() - started });
  return response;
}

/** The address of the client, where the host is a server of @hono/node-server. */
function clientOf({ env }: Context): string | undefined {
  const address: unknown = env?.incoming?.socket?.remoteAddress;
  return typeof address === 'string' ? address : undefined;
}

/** The request's own id if it has the expected form, since it is logged; otherwise a new one. */
function requestIdOf(headers: Headers): string {
  const given = headers.get(REQUEST_ID_HEADER);
  return given !== null && REQUEST_ID.test(given) ? given : randomUUID();
}
