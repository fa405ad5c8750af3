import type { RequestListener } from 'node:http';
import type { ProfileApiOptions, Services } from 'dossier/http';
import type { RequestTarget } from '../../adapters/http/api-harness.js';
import { listening } from '../../adapters/http/listening.js';

/** The hosts of `examples/frameworks`, each with the interface below /crm. Only the one that is used is loaded. */
export const HOSTS = {
  hono: async (...given) => (await import('../../../examples/frameworks/hono.js')).honoHost(...given),
  express: async (...given) => (await import('../../../examples/frameworks/express.js')).expressHost(...given),
  fastify: async (...given) => (await import('../../../examples/frameworks/fastify.js')).fastifyHost(...given),
  nestjs: async (...given) => (await import('../../../examples/frameworks/nestjs.js')).nestHost(...given),
  'node-http': async (...given) => (await import('../../../examples/frameworks/node-http.js')).nodeHost(...given),
} satisfies Record<string, (services: Services, options: ProfileApiOptions) => Promise<RequestListener>>;

export type HostName = keyof typeof HOSTS;

const PREFIX = '/crm';

/** Response headers that the host or the connection adds. */
const HOST_HEADERS = ['connection', 'keep-alive', 'date', 'content-length', 'transfer-encoding', 'x-powered-by'];

/** Response headers that hold a path. */
const PATH_HEADERS = ['location', 'content-location', 'link'];

/** The API mounted in a host. Sends requests over a socket, and hides the prefix. */
export function inHost(name: HostName, services: Services, options: ProfileApiOptions): RequestTarget {
  let origin: Promise<string> | undefined;
  return {
    async request(path, init) {
      origin ??= HOSTS[name](services, options).then(listening);
      const { pathname, search } = new URL(`http://host${path}`);
      const url = `${await origin}${PREFIX}${pathname}${search}`;
      return withoutPrefix(await fetch(url, { ...init, redirect: 'manual' }));
    },
  };
}

/** Removes the prefix from the headers that hold a path, all of which must have it. */
function withoutPrefix({ status, headers: given, body }: Response): Response {
  const headers = new Headers(given);
  for (const name of HOST_HEADERS) headers.delete(name);
  for (const name of PATH_HEADERS) {
    const value = headers.get(name);
    if (value === null) continue;
    if (!/^<?\/crm\//.test(value)) throw new Error(`${name} is not below ${PREFIX}: ${value}`);
    headers.set(name, value.replace(PREFIX, ''));
  }
  return new Response(body, { status, headers });
}
