import { perform, type RoutedRequest } from './perform.js';
import { problemResponse } from './problem.js';
import type { ProfileApiSettings } from './profile-api-options.js';
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.js';
import type { OpenLogEntry } from './request-log.js';
import { TENANT_HEADER } from './tenant.js';

/** Answers a request, whatever becomes of it, and tells the host about it. */
export async function respond(routed: RoutedRequest, settings: ProfileApiSettings): Promise<Response> {
  const started = performance.now();
  const { context, resource } = routed;
  const request = context.req.raw;
  const entry: OpenLogEntry = {
    requestId: requestIdOf(request.headers),
    method: request.method,
    route: resource?.path,
  };
  const response = await perform(routed, settings, entry).catch((error: unknown) => {
    const problem = problemResponse(error, settings.challenge);
    if (problem.status >= 500) settings.onError(error, entry.requestId);
    return problem;
  });
  response.headers.set(REQUEST_ID_HEADER, entry.requestId);
  // One URL has another answer for every tenant and caller, so no cache may give it to the next one unasked (R17).
  response.headers.set('cache-control', 'private, no-cache');
  response.headers.set('vary', `authorization, ${TENANT_HEADER}`);
  settings.onRequest({ ...entry, status: response.status, durationMs: performance.now() - started });
  return response;
}
