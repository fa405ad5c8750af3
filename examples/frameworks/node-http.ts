import type { RequestListener } from 'node:http';
import { json } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import { createProfileApi } from 'dossier/http';
import type { HostOptions } from './host-options.js';

/** A host on bare `node:http`. */
export function nodeHost({ services, authenticate }: HostOptions): RequestListener {
  const profiles = getRequestListener(createProfileApi({ ...services, authenticate, basePath: '/crm' }).fetch);
  return async (request, response) => {
    if (request.url?.startsWith('/crm/')) profiles(request, response);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(await json(request)));
  };
}
