import { MalformedRequestError, NotAllowedError } from 'dossier';
import type { Principal } from './principal.js';

export const TENANT_HEADER = 'x-genesys-tenantid';

/** The form of a tenant id over HTTP (W1). */
export const TENANT_FORM = /^[0-9]{1,18}$/;

/** The tenant id without leading zeros, which have no meaning (W1). */
export function canonicalTenant(digits: string): string {
  return digits.replace(/^0+(?=[0-9])/, '');
}

/** The tenant of a request, or the default tenant; `undefined` if there is neither, or if the header is not valid. */
export function tenantOf(headers: Headers, defaultTenant: string | undefined): string | undefined {
  const named = headers.get(TENANT_HEADER) ?? defaultTenant;
  return named !== undefined && TENANT_FORM.test(named) ? canonicalTenant(named) : undefined;
}

/** @throws NotAllowedError if the caller is bound to other tenants (W1), whether or not this one exists */
export function requireTenantAccess(principal: Principal, tenantId: string): void {
  const allowed = principal.tenants?.some((tenant) => canonicalTenant(tenant) === tenantId) ?? true;
  if (!allowed) throw new NotAllowedError('The credentials do not give access to this tenant.');
}

/** @throws NotAllowedError if the caller is bound to tenants, where an operation concerns all */
export function requireAllTenants({ tenants }: Principal): void {
  if (tenants !== undefined) throw new NotAllowedError('This operation concerns all tenants. The credentials do not.');
}

/** @throws MalformedRequestError if the request has no valid tenant and there is no default tenant (W1) */
export function requireTenant(tenantId: string | undefined): asserts tenantId is string {
  if (tenantId === undefined) {
    throw new MalformedRequestError('The header X-Genesys-TenantId must be 1 to 18 decimal digits.');
  }
}
