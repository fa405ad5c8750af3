import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createProfileApi } from 'dossier/http';
import { Hono } from 'hono';
import type { HostOptions } from './host-options.js';

/** A Hono host: Dossier below /crm, the host's own routes beside it. */
export function honoHost({ services, authenticate }: HostOptions): RequestListener {
  const app = new Hono();
  app.route('/crm', createProfileApi({ ...services, authenticate }));
  app.post('/echo', async (context) => context.json(await context.req.json()));
  return getRequestListener(app.fetch);
}
