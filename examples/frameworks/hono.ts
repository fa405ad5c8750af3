import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createProfileApi, type ProfileApiOptions, type Services } from 'dossier/http';
import { Hono } from 'hono';
import { userWith } from './sign-in.js';

/** A Hono host with Dossier mounted at /crm, next to its own routes. */
export function honoHost(dossier: Services, options: ProfileApiOptions = {}): RequestListener {
  const app = new Hono<{ Variables: { user: ReturnType<typeof userWith> } }>();
  app.use(async (context, next) => {
    context.set('user', userWith(context.req.header('authorization')));
    await next();
  });
  app.route(
    '/crm',
    createProfileApi(dossier, { authenticate: (_request, context) => context.get('user'), ...options }),
  );
  app.post('/echo', async (context) => context.json(await context.req.json()));
  return getRequestListener(app.fetch, { overrideGlobalObjects: false });
}
