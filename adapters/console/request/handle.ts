import { randomUUID } from 'node:crypto';
import type { Role } from 'dossier/http';
import type { Context } from 'hono';
import { failurePage, formRefusedPage, formTooLargePage, formTooSlowPage, problemPage } from '../pages/problem.js';
import { tenantChoice } from '../pages/tenant-choice.js';
import type { ApiClient, Callers } from './api-client.js';
import { forgeryOf, formTokenOf, TOKEN_FIELD } from './forgery.js';
import { type FormLimits, FormTooLargeError, FormTooSlowError, readForm } from './form-body.js';
import type { Offer } from './offer.js';
import { ProblemError } from './problem-error.js';
import type { Visit } from './visit.js';

/** Answers a request for a page. */
export type Page = (visit: Visit) => Response | Promise<Response>;

export interface Route {
  /** How many segments the page's path has below the console; `undefined` where it is not known. */
  readonly depth: number | undefined;
  readonly page: Page;
}

export interface ConsoleSettings extends FormLimits {
  readonly callers: Callers;
  readonly client: (context: Context, tenant: string | undefined) => ApiClient;
  readonly offer: Offer;
  readonly onError: (error: unknown, requestId: string) => void;
}

const NO_FIELDS = { fields: new URLSearchParams(), upload: undefined };

/** Handles a request: always returns a page. */
export async function handle(context: Context, { depth, page }: Route, settings: ConsoleSettings): Promise<Response> {
  const request = context.req.raw;
  const url = new URL(request.url);
  const base = depth === undefined ? '' : baseOf(url.pathname, depth);
  const tenant = url.searchParams.get('tenant') ?? undefined;
  const { token, setCookie } = formTokenOf(request, base);
  let visit: Visit = {
    api: settings.client(context, tenant),
    offer: settings.offer,
    base,
    url,
    tenant,
    principal: undefined,
    role: 'reader',
    token,
    reportFault: (error) => {
      const requestId = randomUUID();
      settings.onError(error, requestId);
      return requestId;
    },
    parameter: (name) => context.req.param(name) ?? '',
    ...NO_FIELDS,
  };
  const answer = async () => {
    // What it throws, such as that there were too many attempts, is the interface's to answer.
    const principal = await settings.callers.principalOf(context).catch(() => undefined);
    const role: Role = settings.callers.required ? (principal?.role ?? 'reader') : 'administrator';
    visit = { ...visit, principal, role };
    if (settings.callers.required && !principal) await visit.api.get('/metadata/profiles');
    if (request.method !== 'POST') return page(visit);
    visit = { ...visit, ...(await readForm(request, settings)) };
    const forgery = forgeryOf(request, visit.fields.get(TOKEN_FIELD));
    return forgery === undefined ? page(visit) : formRefusedPage(visit, forgery);
  };
  const response = await answer().catch((error: unknown) => {
    if (error instanceof ProblemError) return tenantChoice(visit, error) ?? problemPage(visit, error);
    if (error instanceof FormTooLargeError) return formTooLargePage(visit, error.limit);
    if (error instanceof FormTooSlowError) return formTooSlowPage(visit);
    return failurePage(visit, visit.reportFault(error));
  });
  if (setCookie !== undefined && depth !== undefined) response.headers.append('set-cookie', setCookie);
  return response;
}

/** The path of a page without its own segments. */
function baseOf(pathname: string, depth: number): string {
  const segments = pathname.replace(/\/$/, '').split('/');
  return segments.slice(0, segments.length - depth).join('/');
}
