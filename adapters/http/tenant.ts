import { MalformedRequestError, NotAllowedError } from 'dossier';
import type { Principal } from './principal.js';

export const TENANT_HEADER = 'x-genesys-tenantid';

/** What a tenant looks like on the wire (W1). */
export const TENANT_FORM = /^[0-9]{1,18}$/;

/** The decimal form of a tenant, in which leading zeros have no meaning (W1). */
export function canonicalTenant(digits: string): string {
  return digits.replace(/^0+(?=[0-9])/, '');
}

/** The tenant that a request names, or else the default one; absent when it names none, or what is no tenant. */
export function tenantOf(headers: Headers, defaultTenant: string | undefined): string | undefined {
  const named = headers.get(TENANT_HEADER) ?? defaultTenant;
  return named !== undefined && TENANT_FORM.test(named) ? canonicalTenant(named) : undefined;
}

/** @throws NotAllowedError if the caller is bound to other tenants (W1), whether or not this one exists. */
export function requireTenantOf(principal: Principal, tenantId: string): void {
  const bound = principal.tenants?.some((tenant) => canonicalTenant(tenant) === tenantId) ?? true;
  if (!bound) throw new NotAllowedError('The credentials are not for this tenant.');
}

/** @throws MalformedRequestError if the request names no tenant and there is no default one, or names what is none (W1). */
export function requireTenant(tenantId: string | undefined): asserts tenantId is string {
  if (tenantId === undefined) {
    throw new MalformedRequestError('The header X-Genesys-TenantId must be given, as 1 to 18 decimal digits.');
  }
}
