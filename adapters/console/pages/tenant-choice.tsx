import { pageResponse } from '../layout.js';
import type { ProblemError } from '../request/problem-error.js';
import { href, type Visit } from '../request/visit.js';

/** Asks for the tenant where neither the address nor the host names one; `undefined` where that is not what was refused. */
export function tenantChoice(visit: Visit, { problem }: ProblemError): Promise<Response> | undefined {
  const { tenant, principal, url } = visit;
  if (tenant !== undefined || problem.code !== 'malformed_request' || !problem.detail.includes('X-Genesys-TenantId')) {
    return undefined;
  }
  const path = url.pathname.slice(visit.base.length);
  const title = 'Which tenant?';
  return pageResponse(visit, {
    title,
    content: (
      <>
        <h1>{title}</h1>
        {principal?.tenants ? (
          <ul>
            {principal.tenants.map((one) => (
              <li>
                <a href={href({ ...visit, tenant: one }, path)}>Tenant {one}</a>
              </li>
            ))}
          </ul>
        ) : (
          <form method="get" action={`${visit.base}${path}` || '/'}>
            <p class="field">
              <label for="tenant">Tenant</label>
              <input id="tenant" name="tenant" inputmode="numeric" pattern="[0-9]{1,18}" required />
            </p>
            <button type="submit">Open</button>
          </form>
        )}
      </>
    ),
  });
}
