import { randomBytes, timingSafeEqual } from 'node:crypto';

/** The cookie that a form's token must equal. */
const COOKIE = 'dossier_console';

/** The field of a form that has the token. */
export const TOKEN_FIELD = '_token';

const TOKEN = /^[A-Za-z0-9_-]{22}$/;

/** The token of a browser, and the header that gives it to one that has none. */
export interface FormToken {
  readonly token: string;
  readonly setCookie: string | undefined;
}

/** The browser's token, or a new one. It is no secret between servers, so any process can check it. */
export function formTokenOf(request: Request, base: string): FormToken {
  const known = cookieOf(request);
  if (known !== undefined) return { token: known, setCookie: undefined };
  const token = randomBytes(16).toString('base64url');
  const secure = new URL(request.url).protocol === 'https:' ? '; Secure' : '';
  return { token, setCookie: `${COOKIE}=${token}; Path=${pathOf(base)}; HttpOnly; SameSite=Strict${secure}` };
}

/** A path may have characters that end an attribute of a cookie. */
function pathOf(base: string): string {
  return /^\/[A-Za-z0-9._~/%-]+$/.test(base) ? base : '/';
}

/** Why a request may come from another site; `undefined` if it comes from a page of the console. */
export function forgeryOf(request: Request, token: string | null): string | undefined {
  const { headers } = request;
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return 'The header Sec-Fetch-Site does not say same-origin.';
  const origin = headers.get('origin');
  // Browsers send Sec-Fetch-Site to secure addresses alone. Behind a proxy the scheme may be another one, the host is not.
  if (site === null && origin === null) return 'The request has neither Sec-Fetch-Site nor Origin.';
  if (origin !== null && site === null && hostOf(origin) !== (headers.get('host') ?? new URL(request.url).host)) {
    return 'The header Origin names another site.';
  }
  if (origin === 'null') return 'The header Origin is null.';
  const known = cookieOf(request);
  if (known === undefined) return 'The cookie of the console is missing.';
  if (token === null || !areEqual(token, known)) return 'The token of the form is not that of this browser.';
  return undefined;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function cookieOf({ headers }: Request): string | undefined {
  for (const cookie of headers.get('cookie')?.split(';') ?? []) {
    const [name, value = ''] = cookie.trim().split('=');
    if (name === COOKIE && TOKEN.test(value)) return value;
  }
  return undefined;
}

function areEqual(token: string, known: string): boolean {
  const [given, expected] = [Buffer.from(token), Buffer.from(known)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
