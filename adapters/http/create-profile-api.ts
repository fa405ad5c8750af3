import { type Context, Hono } from 'hono';
import { completeOptions } from './complete-options.js';
import { docsPage } from './docs-page/index.js';
import { operations } from './operations/index.js';
import type { ProfileApiOptions } from './profile-api-options.js';
import { isWithinAnother, methodsOf, pathsOf, type Resource, resourcesOf } from './resource.js';
import { respond } from './respond.js';
import type { Services } from './services.js';

/**
 * The HTTP interface over the services: a Hono app, whose `fetch` is a web-standard handler.
 *
 * ```ts
 * const dossier = createDossier({ repository });
 * const api = createProfileApi(dossier, { authenticate });
 * host.route('/crm', api);
 * ```
 *
 * It answers every path below the one where it is mounted, unknown ones with a 404, so let routes of the host that lie
 * there come before it.
 *
 * @param dossier the services, or those of their methods that the operations call
 * @throws InvalidOptionsError with all problems at once
 */
export function createProfileApi(dossier: Services, options: ProfileApiOptions = {}): Hono {
  const settings = completeOptions(dossier, options);
  const answer = (resource: Resource | undefined) => (context: Context) => respond({ context, resource }, settings);
  const app = new Hono();
  const api = app.basePath(settings.basePath);
  const resources = resourcesOf([...operations, ...docsPage]);
  for (const resource of resources) {
    for (const pattern of pathsOf(resource).map(routePattern)) {
      if (isWithinAnother(resource, resources)) api.on(methodsOf(resource), pattern, answer(resource));
      else api.all(pattern, answer(resource));
    }
  }
  api.all('*', answer(undefined));
  app.notFound(answer(undefined));
  return app;
}

/** `/profiles/{customer_id}` as Hono writes it: `/profiles/:customer_id`. */
function routePattern(path: string): string {
  return path.replace(/\{([a-z_]+)\}/g, ':$1');
}
