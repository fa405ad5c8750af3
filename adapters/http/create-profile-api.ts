import { type Context, Hono } from 'hono';
import { docsPage } from './docs-page/index.js';
import { operations } from './operations/index.js';
import { type ProfileApiOptions, readOptions } from './options.js';
import { matchesParameterizedPath, methodsOf, pathsOf, type Resource, resourcesOf } from './resource.js';
import { respond } from './respond.js';
import type { Services } from './services.js';

/**
 * Creates the HTTP API: a Hono app, whose `fetch` is a web-standard request handler.
 *
 * ```ts
 * const dossier = createDossier({ repository });
 * const api = createProfileApi(dossier, { authenticate });
 * host.route('/crm', api);
 * ```
 *
 * The API handles every path below its mount point and responds with 404 to unknown ones. Register the host's own routes
 * below that point before you mount it.
 *
 * @param dossier the services, or objects with the methods of {@link Services}
 * @throws InvalidOptionsError with a violation for each argument or option that is not valid
 */
export function createProfileApi(dossier: Services, options: ProfileApiOptions = {}): Hono {
  const settings = readOptions(dossier, options);
  const handler = (resource: Resource | undefined) => (context: Context) => respond({ context, resource }, settings);
  const app = new Hono();
  const api = app.basePath(settings.basePath);
  const resources = resourcesOf([...operations, ...docsPage]);
  for (const resource of resources) {
    for (const pattern of pathsOf(resource).map(routePattern)) {
      if (matchesParameterizedPath(resource, resources)) api.on(methodsOf(resource), pattern, handler(resource));
      else api.all(pattern, handler(resource));
    }
  }
  api.all('*', handler(undefined));
  app.notFound(handler(undefined));
  return app;
}

/** Converts `/profiles/{customer_id}` to Hono's syntax, `/profiles/:customer_id`. */
function routePattern(path: string): string {
  return path.replace(/\{([a-z_]+)\}/g, ':$1');
}
