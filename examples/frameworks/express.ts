import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createProfileApi } from 'dossier/http';
import express from 'express';
import type { HostOptions } from './host-options.js';

/** An Express 5 host. Dossier reads its bodies itself, so it comes before the host's body parsers. */
export function expressHost({ services, authenticate }: HostOptions): RequestListener {
  const profiles = getRequestListener(createProfileApi({ ...services, authenticate, basePath: '/crm' }).fetch);
  const app = express();
  app.use('/crm', (request, response) => {
    request.url = request.originalUrl; // Express takes the prefix away
    profiles(request, response);
  });
  app.use(express.json());
  app.post('/echo', (request, response) => {
    response.json(request.body);
  });
  return app;
}
