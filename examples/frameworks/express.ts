import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createProfileApi, type ProfileApiOptions, type Services } from 'dossier/http';
import express from 'express';
import { signIn, userOfHost } from './sign-in.js';

/** An Express 5 host. Mount Dossier before body parsers, since it reads request bodies itself. */
export function expressHost(dossier: Services, options: ProfileApiOptions = {}): RequestListener {
  const api = createProfileApi(dossier, { authenticate: userOfHost, ...options, basePath: '/crm' });
  const profiles = getRequestListener(api.fetch, { overrideGlobalObjects: false });
  const app = express();
  app.use(signIn);
  app.use('/crm', (request, response) => {
    request.url = request.originalUrl; // Express strips the prefix
    profiles(request, response);
  });
  app.use(express.json());
  app.post('/echo', (request, response) => {
    response.json(request.body);
  });
  return app;
}
