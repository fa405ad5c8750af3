import type { JSX } from 'hono/jsx/jsx-runtime';

/** Own style sheet, own addresses, no script. */
const CONTENT_SECURITY_POLICY = [
  `default-src 'none'`,
  `style-src 'self'`,
  // The empty icon of the page.
  `img-src data:`,
  `base-uri 'none'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
].join('; ');

export const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  // With `no-referrer`, browsers would send forms with `Origin: null`.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** Pages show personal data: no cache keeps them. */
const PAGE_HEADERS = {
  ...SECURITY_HEADERS,
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
};

/** A whole document. */
export async function documentText(document: JSX.Element): Promise<string> {
  return `<!doctype html>${await document.toString()}`;
}

export function htmlResponse(body: string | ReadableStream<Uint8Array>, status = 200): Response {
  return new Response(body, { status, headers: PAGE_HEADERS });
}

/** After a form: the browser asks for the page by `GET`, so that reloading it sends nothing again. */
export function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { ...SECURITY_HEADERS, location, 'cache-control': 'no-store' } });
}
