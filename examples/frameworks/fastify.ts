import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createProfileApi } from 'dossier/http';
import { type FastifyInstance, fastify } from 'fastify';
import type { HostOptions } from './host-options.js';

/** A Fastify 5 host. Within the scope of Dossier no body is parsed, since it reads its bodies itself. */
export async function fastifyHost({ services, authenticate }: HostOptions): Promise<RequestListener> {
  const profiles = getRequestListener(createProfileApi({ ...services, authenticate, basePath: '/crm' }).fetch);
  const app: FastifyInstance = fastify();
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.all('/crm/*', (request, reply) => {
      reply.hijack();
      profiles(request.raw, reply.raw);
    });
  });
  app.post('/echo', (request, reply) => reply.send(request.body));
  await app.ready();
  return app.routing.bind(app);
}
