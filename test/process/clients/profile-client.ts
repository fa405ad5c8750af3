/** A response as a client of any kind sees it. */
export interface ClientAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON body; undefined if there is no body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of every shape
  readonly body: any;
}

export interface ClientRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** A client that sends requests as given. */
export type SendRequest = (request: ClientRequest) => Promise<ClientAnswer>;

/** A profile or a representation as flat JSON. */
// biome-ignore lint/suspicious/noExplicitAny: the tenant's schema defines the type
export type WireProfile = Record<string, any>;

/** The operations that every client is tested with. */
export interface ProfileClient {
  create(profile: WireProfile): Promise<ClientAnswer>;
  get(id: string, options?: { extensions?: string; ifNoneMatch?: string }): Promise<ClientAnswer>;
  replace(id: string, profile: WireProfile, options?: { ifMatch?: string }): Promise<ClientAnswer>;
  identify(criteria: Record<string, string>): Promise<ClientAnswer>;
  merge(id: string, source: string, options?: { force: boolean }): Promise<ClientAnswer>;
  delete(id: string): Promise<ClientAnswer>;
}

/** Builds the requests by hand, and sends them with a client. */
export function clientOver(send: SendRequest, origin: string, tenant: string): ProfileClient {
  const request = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    send({
      method,
      url: `${origin}${path}`,
      headers: {
        'X-Genesys-TenantId': tenant,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  return {
    create: (profile) => request('POST', '/profiles', profile),
    get: (id, { extensions = '', ifNoneMatch } = {}) =>
      request(
        'GET',
        `/profiles/${id}?${new URLSearchParams({ extensions })}`,
        undefined,
        ifNoneMatch === undefined ? {} : { 'If-None-Match': ifNoneMatch },
      ),
    replace: (id, profile, { ifMatch } = {}) =>
      request('PUT', `/profiles/${id}`, profile, ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
    identify: (criteria) => request('GET', `/profiles?${new URLSearchParams(criteria)}`),
    merge: (id, source, { force } = { force: false }) =>
      request('PUT', `/profiles/${id}/merge/${source}`, force ? { force_merge: true } : undefined),
    delete: (id) => request('DELETE', `/profiles/${id}`),
  };
}

/** A response with its body as text. */
export function clientAnswer(status: number, headers: Iterable<readonly [string, string]>, text: string): ClientAnswer {
  const lines = [...headers].map(([name, value]): [string, string] => [name, value]);
  return { status, headers: new Headers(lines), body: text === '' ? undefined : JSON.parse(text) };
}
