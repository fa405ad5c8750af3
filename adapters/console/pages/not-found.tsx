import { pageResponse } from '../layout.js';
import { SECURITY_HEADERS } from '../request/html-response.js';
import type { Visit } from '../request/visit.js';

/** Everything below the console that is no page of it. A slash at the end has no meaning. */
export async function notFoundPage(visit: Visit): Promise<Response> {
  const { pathname, search } = visit.url;
  // A path that begins with two slashes would lead to another host.
  if (/^\/[^/].*[^/]\/$|^\/[^/]\/$/.test(pathname)) {
    return new Response(null, {
      status: 308,
      headers: { ...SECURITY_HEADERS, location: pathname.slice(0, -1) + search },
    });
  }
  return pageResponse(visit, { title: 'No such page', status: 404, bare: true, content: <h1>No such page</h1> });
}
