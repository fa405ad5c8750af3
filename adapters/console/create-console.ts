import { createProfileApi, type ProfileApiOptions, type Services } from 'dossier/http';
import { type Context, Hono } from 'hono';
import { depthOf, pages } from './pages/index.js';
import { notFoundPage } from './pages/not-found.js';
import { ApiClient, Callers } from './request/api-client.js';
import { handle } from './request/handle.js';
import { readOffer } from './request/offer.js';
import { STYLE_PATH, styleSheet } from './style-sheet.js';

/**
 * The options of {@link createConsole}: those of `createProfileApi`, since the console is a client of that interface.
 * `basePath` is the path of the console, such as `/console`, and not needed if you mount it with Hono's `app.route`.
 */
export type ConsoleOptions = ProfileApiOptions;

/** The profiles of a page are parsed at once. */
const MAX_FOUND_BYTES = 2 ** 20;

/**
 * Creates the console: pages for people who look up, edit, merge and restore profiles, as a Hono app.
 *
 * ```ts
 * host.route('/console', createConsole(dossier, { authenticate }));
 * ```
 *
 * It calls the HTTP interface in the same process as the caller of the page, so that roles, tenants, limits, conflicts and
 * errors are those of the interface. It needs no scripts, and keeps no state between requests. `onRequest` is called for
 * each request to the interface: a page makes several. `maxPageBytes` is 1 MiB by default.
 *
 * @param dossier the services, or objects with the methods of `Services`
 * @throws InvalidOptionsError with a violation for each argument or option that is not valid
 */
export function createConsole(dossier: Services, options: ConsoleOptions = {}): Hono {
  const callers = new Callers(options.authenticate);
  const { basePath = '/', onError = () => undefined, maxBodyBytes = 2 ** 20, maxImportBytes } = options;
  const { maxPageBytes = MAX_FOUND_BYTES } = options;
  const api = createProfileApi(dossier, { ...options, maxPageBytes, authenticate: callers.authenticate });
  const { bodyTimeoutMs = 30_000, minBodyRate = 1_024 } = options;
  const limits = { maxBodyBytes, maxImportBytes, bodyTimeoutMs, minBodyRate };
  const client = (context: Context, tenant: string | undefined) =>
    new ApiClient({ fetch: api.fetch, basePath, callers, context, tenant });
  const offer = readOffer(api.fetch, basePath);
  const settings = { callers, client, offer, onError, ...limits };
  const app = new Hono();
  const routes = app.basePath(basePath);
  routes.get(STYLE_PATH, () => styleSheet());
  for (const { path, get, post } of pages) {
    const depth = depthOf(path);
    routes.get(path, (context) => handle(context, { depth, page: get }, settings));
    if (post) routes.post(path, (context) => handle(context, { depth, page: post }, settings));
  }
  const missing = (context: Context) => handle(context, { depth: undefined, page: notFoundPage }, settings);
  routes.all('*', missing);
  app.notFound(missing);
  return app;
}
