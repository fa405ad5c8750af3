import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import { createProfileApi, type ProfileApiOptions, type Services } from 'dossier/http';
import { signIn, userOfHost } from './sign-in.js';

/** A route of the host. An uncaught error would end the process. */
async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = JSON.stringify(await json(request));
    response.setHeader('content-type', 'application/json').end(body);
  } catch {
    response.writeHead(400).end();
  }
}

/** A host on plain `node:http`. */
export function nodeHost(dossier: Services, options: ProfileApiOptions = {}): RequestListener {
  const api = createProfileApi(dossier, { authenticate: userOfHost, ...options, basePath: '/crm' });
  const profiles = getRequestListener(api.fetch, { overrideGlobalObjects: false });
  return (request, response) => {
    signIn(request);
    if (request.url?.startsWith('/crm/')) profiles(request, response);
    else echo(request, response);
  };
}
