/** What a client of any kind got to see of an answer. */
export interface ClientAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON that was answered; undefined where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export interface ClientRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** A client that sends what it is given. */
export type SendRequest = (request: ClientRequest) => Promise<ClientAnswer>;

/** A profile or a representation, on the wire. */
// biome-ignore lint/suspicious/noExplicitAny: what a tenant declares
export type WireProfile = Record<string, any>;

/** What every client has to go through, whatever it is made of. */
export interface ProfileClient {
  create(profile: WireProfile): Promise<ClientAnswer>;
  get(id: string, options?: { extensions?: string; ifNoneMatch?: string }): Promise<ClientAnswer>;
  replace(id: string, profile: WireProfile, options?: { ifMatch?: string }): Promise<ClientAnswer>;
  identify(criteria: Record<string, string>): Promise<ClientAnswer>;
  merge(id: string, source: string, options?: { force: boolean }): Promise<ClientAnswer>;
  delete(id: string): Promise<ClientAnswer>;
}

/** Makes the requests by hand, and leaves the sending to a client. */
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

/** An answer as its text came. */
export function clientAnswer(status: number, headers: Iterable<readonly [string, string]>, text: string): ClientAnswer {
  const lines = [...headers].map(([name, value]): [string, string] => [name, value]);
  return { status, headers: new Headers(lines), body: text === '' ? undefined : JSON.parse(text) };
}
