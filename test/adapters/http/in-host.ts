import type { RequestListener } from 'node:http';
import type { ProfileApiOptions, Services } from 'dossier/http';
import type { RequestTarget } from './api-harness.js';
import { listening } from './listening.js';

/** The hosts of `examples/frameworks`, each with the API mounted at {@link PREFIX}. Loaded on use. */
export const HOSTS = {
  hono: async (...given) => (await import('../../../examples/frameworks/hono.js')).honoHost(...given),
  express: async (...given) => (await import('../../../examples/frameworks/express.js')).expressHost(...given),
  fastify: async (...given) => (await import('../../../examples/frameworks/fastify.js')).fastifyHost(...given),
  nestjs: async (...given) => (await import('../../../examples/frameworks/nestjs.js')).nestHost(...given),
  'node-http': async (...given) => (await import('../../../examples/frameworks/node-http.js')).nodeHost(...given),
} satisfies Record<string, (services: Services, options: ProfileApiOptions) => Promise<RequestListener>>;

export type HostName = keyof typeof HOSTS;

export const PREFIX = '/crm';

/** The host through which the HTTP tests send their requests, if any. */
export const HOST_OF_SUITE = hostOfSuite(process.env.DOSSIER_TEST_HOST);

function hostOfSuite(name: string | undefined): HostName | undefined {
  if (name === undefined || Object.hasOwn(HOSTS, name)) return name as HostName | undefined;
  throw new Error(`DOSSIER_TEST_HOST must be one of ${Object.keys(HOSTS).join(', ')}.`);
}

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
