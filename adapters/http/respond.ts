import { randomUUID } from 'node:crypto';
import { dispatch, type RoutedRequest } from './dispatch.js';
import type { ProfileApiSettings } from './options.js';
import { problemResponse } from './problem.js';
import type { MutableLogEntry } from './request-log-entry.js';
import { TENANT_HEADER } from './tenant.js';

const REQUEST_ID_HEADER = 'x-request-id';

/** A UUID, or a hexadecimal trace id. Too long for a phone number and free of words, so it holds no personal data. */
const REQUEST_ID = /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{16,64})$/i;

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
  const response = await dispatch(routed, settings, entry).catch((error: unknown) => {
    const problem = problemResponse(error, settings.challenge);
    if (problem.status >= 500) settings.onError(error, entry.requestId);
    return problem;
  });
  response.headers.set(REQUEST_ID_HEADER, entry.requestId);
  // A response depends on the tenant and the caller, so caches must revalidate it and must not share it (R17).
  response.headers.set('cache-control', 'private, no-cache');
  response.headers.set('vary', `authorization, ${TENANT_HEADER}`);
  settings.onRequest({ ...entry, status: response.status, durationMs: performance.now() - started });
  return response;
}

/** The request's own id if it has the expected form, since it is logged; otherwise a new one. */
function requestIdOf(headers: Headers): string {
  const given = headers.get(REQUEST_ID_HEADER);
  return given !== null && REQUEST_ID.test(given) ? given : randomUUID();
}
