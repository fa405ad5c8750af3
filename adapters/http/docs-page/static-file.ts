import { createHash } from 'node:crypto';
import { knownTags } from '../entity-tags.js';
import type { Page } from '../operation.js';
import { emptyResponse } from '../response.js';

/** Allows resources of the same origin only: no other host, no inline script or style, no framing. */
const CONTENT_SECURITY_POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  // Swagger UI's style sheet contains its icons as data URLs.
  `img-src 'self' data:`,
  `connect-src 'self'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

interface File {
  readonly content: string | Uint8Array;
  /** The entity tag without quotes. */
  readonly tag: string;
}

/** Serves a file of the page. Reads it on the first request and keeps it, since it does not change. */
export function staticFile(mediaType: string, read: () => Promise<string | Uint8Array>): Page['run'] {
  let file: File | undefined;
  return async ({ headers }) => {
    file ??= tagged(await read());
    const { content, tag } = file;
    const common = { etag: `"${tag}"`, ...SECURITY_HEADERS };
    if (knownTags(headers)(tag)) return emptyResponse(304, common);
    return new Response(content, { headers: { 'content-type': mediaType, ...common } });
  };
}

function tagged(content: string | Uint8Array): File {
  return { content, tag: createHash('sha256').update(content).digest('base64url') };
}
