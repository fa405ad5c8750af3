import { setImmediate } from 'node:timers/promises';
import type { Authenticate, Principal } from 'dossier/http';
import type { Context } from 'hono';
import { ProblemError } from './problem-error.js';

/** An answer of the HTTP interface. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON body; `undefined` without one. */
  readonly body: unknown;
}

/** What goes with a request beside its path. */
export interface Sent {
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** JSON text, sent as it is. */
  readonly json?: string;
  /** Sent as it is, with its media type. */
  readonly stream?: { readonly bytes: ReadableStream<Uint8Array>; readonly mediaType: string };
  /** Those that are `undefined` are left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

type Fetch = (request: Request, env?: unknown) => Response | Promise<Response>;

/**
 * Who calls the console. Each caller is authenticated once per page, by the request and context of the page: what the
 * host's own middleware knows is not in the context of a request that the console makes.
 */
export class Callers {
  readonly #authenticate: Authenticate | undefined;
  readonly #pages = new WeakMap<Request, Context>();
  readonly #principals = new WeakMap<Context, Promise<Principal | undefined>>();

  constructor(authenticate: Authenticate | undefined) {
    this.#authenticate = authenticate;
  }

  /** For the interface: answers for a request of the console who called the page. `undefined` where nobody is asked. */
  get authenticate(): Authenticate | undefined {
    if (typeof this.#authenticate !== 'function') return this.#authenticate;
    return (request) => {
      const page = this.#pages.get(request);
      return page && this.principalOf(page);
    };
  }

  /** The caller of a page; `undefined` without valid credentials. */
  principalOf(page: Context): Promise<Principal | undefined> {
    const known = this.#principals.get(page);
    if (known) return known;
    const principal = Promise.resolve().then(() => this.#authenticate?.(page.req.raw, page));
    this.#principals.set(page, principal);
    return principal;
  }

  /** Whether callers must authenticate. */
  get required(): boolean {
    return this.#authenticate !== undefined;
  }

  /** Notes that a request is made for a page. */
  note(request: Request, page: Context): void {
    this.#pages.set(request, page);
  }
}

export interface ApiClientOptions {
  readonly fetch: Fetch;
  readonly basePath: string;
  readonly callers: Callers;
  /** That of the page. */
  readonly context: Context;
  readonly tenant: string | undefined;
}

/** In UTF-16 code units. */
const LARGE_ANSWER = 65_536;

/** Calls the HTTP interface in the same process, as the caller of a page and for its tenant. */
export class ApiClient {
  readonly #options: ApiClientOptions;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  /** @throws ProblemError unless the answer is a success */
  async get(path: string, sent?: Sent): Promise<Answer> {
    return this.ok('GET', path, sent);
  }

  /** @throws ProblemError unless the answer is a success */
  async ok(method: string, path: string, sent?: Sent): Promise<Answer> {
    const answer = await this.send(method, path, sent);
    if (answer.status >= 400) throw new ProblemError(answer);
    return answer;
  }

  async send(
    method: string,
    path: string,
    { query = {}, body, json = textOf(body), stream, headers = {} }: Sent = {},
  ): Promise<Answer> {
    const { fetch, basePath, callers, context, tenant } = this.#options;
    const outer = context.req.raw;
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
    const url = new URL(`${basePath.replace(/\/$/, '')}${path}${search}`, outer.url);
    const requestHeaders = new Headers();
    const tenantHeader = tenant ?? outer.headers.get('x-genesys-tenantid');
    if (tenantHeader !== null) requestHeaders.set('x-genesys-tenantid', tenantHeader);
    if (json !== undefined) requestHeaders.set('content-type', 'application/json');
    if (stream) requestHeaders.set('content-type', stream.mediaType);
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) requestHeaders.set(name, value);
    const request = new Request(url, {
      method,
      headers: requestHeaders,
      signal: outer.signal,
      ...(json !== undefined && { body: json }),
      ...(stream && { body: stream.bytes, duplex: 'half' }),
    } as RequestInit);
    callers.note(request, context);
    const response = await fetch(request, context.env);
    const text = await response.text();
    const isLarge = text.length > LARGE_ANSWER;
    // The interface answers in the same process: its work, parsing, and what a page makes of it get turns of their own.
    if (isLarge) await setImmediate();
    const parsed: unknown = text === '' ? undefined : JSON.parse(text);
    if (isLarge) await setImmediate();
    await removePrototypes(parsed);
    return { status: response.status, headers: response.headers, body: parsed };
  }
}

/** So many objects at a time lose their prototype. */
const OBJECTS_AT_ONCE = 20_000;

/** An attribute may have any name, such as `constructor`, that objects inherit (R2). */
async function removePrototypes(document: unknown): Promise<void> {
  let count = 0;
  for (const value of objectsIn(document)) {
    // No copy: there may be hundreds of thousands of objects, and copies would take many times the memory.
    Object.setPrototypeOf(value, null);
    count += 1;
    if (count % OBJECTS_AT_ONCE === 0) await setImmediate();
  }
}

/** The objects of a JSON document that are no lists. */
function* objectsIn(value: unknown): Generator<object> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value;
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof member === 'object' && member !== null) yield* objectsIn(member);
  }
}

function textOf(body: unknown): string | undefined {
  return body === undefined ? undefined : JSON.stringify(body);
}
