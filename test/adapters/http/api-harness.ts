import { createDossier, type ServiceOptions } from 'dossier';
import { createProfileApi, type ProfileApiOptions } from 'dossier/http';
import { InMemoryProfileRepository } from 'dossier/memory';
import type { ProfileRepository } from 'dossier/storage';
import { mountInHost } from './mounted-host.js';

export interface Sent {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent unchanged, as JSON unless the headers say otherwise. */
  readonly raw?: NonNullable<RequestInit['body']>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed JSON body; undefined if there is no body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of every shape
  readonly body: any;
}

export type Send = (method: string, path: string, sent?: Sent) => Promise<Answer>;

/** Handles requests: the API, or a host in which it is mounted. */
export interface RequestTarget {
  request(path: string, init: RequestInit): Response | Promise<Response>;
}

export interface ApiHarnessOptions extends ProfileApiOptions {
  readonly repository?: ProfileRepository;
  readonly services?: ServiceOptions;
}

export type ApiHarness = ReturnType<typeof createApiHarness>;

/**
 * An HTTP interface over real services, with tenant 1 as the default one. `send` goes through the host that
 * test/process/hosts mounts it in, if any; `senderTo(api)` goes to the interface alone.
 */
export function createApiHarness({
  repository = new InMemoryProfileRepository(),
  services,
  ...options
}: ApiHarnessOptions = {}) {
  const { profiles, schemas } = createDossier({ repository, ...services });
  const settings = {
    defaultTenant: '1',
    onError: console.error,
    authenticate: undefined,
    ...options,
  };
  const api = createProfileApi({ profiles, schemas }, settings);
  const target = mountInHost?.({ profiles, schemas }, settings) ?? api;
  return { api, profiles, schemas, send: senderTo(target) };
}

export function senderTo(target: RequestTarget): Send {
  return async (method, path, { body, raw, headers } = {}) => {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const init: RequestInit & { duplex: 'half' } = {
      method,
      headers: { ...(content !== undefined && { 'content-type': 'application/json' }), ...headers },
      duplex: 'half',
      ...(content !== undefined && { body: content }),
    };
    const response = await target.request(path, init);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text === '' ? undefined : JSON.parse(text),
    };
  };
}
