import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createProfileApi, type ProfileApiOptions, type Services } from 'dossier/http';
import { type FastifyInstance, fastify } from 'fastify';
import { signIn, userOfHost } from './sign-in.js';

/**
 * A Fastify 5 host. Dossier takes over in `onRequest`, before Fastify reads the body, and in a scope without routes, whose
 * not-found handler matches every method.
 */
export async function fastifyHost(dossier: Services, options: ProfileApiOptions = {}): Promise<RequestListener> {
  const api = createProfileApi(dossier, { authenticate: userOfHost, ...options, basePath: '/crm' });
  const profiles = getRequestListener(api.fetch, { overrideGlobalObjects: false });
  // Fastify rejects some paths on its own, so it routes by the prefix alone.
  const app: FastifyInstance = fastify({ rewriteUrl: ({ url = '/' }) => (url.startsWith('/crm/') ? '/crm' : url) });
  app.addHook('onRequest', async ({ raw }) => signIn(raw));
  app.register(
    async (scope) => {
      scope.setNotFoundHandler(() => undefined);
      scope.addHook('onRequest', async ({ raw, originalUrl }, reply) => {
        reply.hijack();
        raw.url = originalUrl;
        profiles(raw, reply.raw);
      });
    },
    { prefix: '/crm' },
  );
  app.post('/echo', (request, reply) => reply.send(request.body));
  await app.ready();
  return app.routing.bind(app);
}
