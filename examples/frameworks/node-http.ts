import type { RequestListener } from 'node:http';
import { json } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import { createProfileApi, type ProfileApiOptions } from 'dossier/http';
import { signIn, userOfHost } from './sign-in.js';

/** A host on bare `node:http`. */
export function nodeHost(options: ProfileApiOptions): RequestListener {
  const api = createProfileApi({ authenticate: userOfHost, ...options, basePath: '/crm' });
  const profiles = getRequestListener(api.fetch, { overrideGlobalObjects: false });
  return async (request, response) => {
    signIn(request);
    if (request.url?.startsWith('/crm/')) profiles(request, response);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(await json(request)));
  };
}
