import type { Principal, Role } from 'dossier/http';
import type { ApiClient } from './api-client.js';
import type { Upload } from './form-body.js';
import type { Offer } from './offer.js';

/** A request for a page of the console. */
export interface Visit {
  readonly api: ApiClient;
  readonly offer: Offer;
  /** The path where the console is mounted, without a slash at the end. */
  readonly base: string;
  readonly url: URL;
  /** The tenant that the address names; every link keeps it. `undefined` for the default tenant. */
  readonly tenant: string | undefined;
  /** `undefined` where the host does not authenticate. */
  readonly principal: Principal | undefined;
  readonly role: Role;
  /** What goes into every form, against forgery. */
  readonly token: string;
  /** Reports an unexpected fault to the host, and returns the id by which people can name it. */
  readonly reportFault: (error: unknown) => string;
  /** Returns a parameter of the path, decoded. */
  readonly parameter: (name: string) => string;
  /** The fields of the form that was sent; empty for a `GET`. */
  readonly fields: URLSearchParams;
  /** The file that was sent with the form. */
  readonly upload: Upload | undefined;
}

const ROLES: readonly Role[] = ['reader', 'writer', 'administrator'];

/** Whether the caller may do what a role may. The interface decides; this only spares people what it would refuse. */
export function may({ role }: Pick<Visit, 'role'>, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

type Query = Readonly<Record<string, string | undefined>>;

/** The address of a page of the console. */
export function href({ base, tenant }: Pick<Visit, 'base' | 'tenant'>, path: string, query: Query = {}): string {
  const given = Object.entries({ tenant, ...query }).filter((entry): entry is [string, string] => !!entry[1]);
  const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
  return `${base}${path}${search}` || '/';
}

/** The path of a profile, in the console and in the interface. */
export function profilePath(id: string, rest = ''): string {
  return `/profiles/${encodeURIComponent(id)}${rest}`;
}

/** The headers of a change: what it is based on, and why it is made, where the caller may say so. */
export function changeHeaders({ fields }: Pick<Visit, 'fields'>, reading?: string | null) {
  const reason = fields.get('reason')?.trim();
  return {
    'if-match': reading || undefined,
    'x-genesys-reason': reason ? encodeURIComponent(reason) : undefined,
  };
}
