import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { malformed, type Refusal } from './refusal.js';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** What a host with a port may not contain, although a URL may. */
const NO_HOST = /[\s/\\?#@]/;

/** Refuses a request without exactly one valid Host header, except one of HTTP/1.0 (RFC 9112 §3.2). */
export function checkHost({ rawHeaders, httpVersion, headers, url = '' }: IncomingMessage): Refusal | undefined {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts > 1) return malformed('The request has more than one Host header.');
  if (hosts === 0 && httpVersion !== '1.0') return malformed('The request has no Host header.');
  const { host } = headers;
  if (host !== undefined && (NO_HOST.test(host) || hostnameOf(`http://${host}`) === undefined)) {
    return malformed('The Host header is not valid.');
  }
  if (isAbsolute(url) && hostnameOf(url) === undefined) return malformed('The target is not a valid URI.');
  return undefined;
}

/** Whether the target of a request has a host of its own (RFC 9112 §3.2.2). */
function isAbsolute(url: string): boolean {
  return !url.startsWith('/') && url !== '*';
}

/**
 * Refuses what a web page of another site may send through a browser on this machine, for a server that lets everybody on
 * this machine in: a name that the site has pointed to this machine (DNS rebinding), and requests across sites.
 *
 * @param ownHost the address or name that the server listens on
 */
export function checkLocal({ headers, method, url = '' }: IncomingMessage, ownHost: string): Refusal | undefined {
  const { host, origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
  const isLocal = (name: string | undefined) => name !== undefined && (isLoopbackName(name) || name === ownHost);
  if (host !== undefined && !isLocal(hostnameOf(`http://${host}`))) return notLocal('The Host header');
  if (isAbsolute(url) && !isLocal(hostnameOf(url))) return notLocal('The target of the request');
  if (origin !== undefined && !isLocal(hostnameOf(origin))) return notLocal('The Origin header');
  // A link from another site only opens a page: that site can neither read it nor change anything by it.
  const isNavigation = mode === 'navigate' && (method === 'GET' || method === 'HEAD');
  if (site === 'cross-site' && !isNavigation) return notLocal('The header Sec-Fetch-Site');
  return undefined;
}

function hostnameOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.+)\]$/, '$1') : undefined;
}

function isLoopbackName(hostname: string): boolean {
  const family = isIP(hostname);
  if (family !== 0) return LOOPBACK.check(hostname, family === 6 ? 'ipv6' : 'ipv4');
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}

function notLocal(what: string): Refusal {
  return {
    status: 403,
    code: 'not_local',
    title: 'Not local',
    detail: `${what} names another site. A server without --credentials answers only requests of this machine, addressed to localhost.`,
  };
}
