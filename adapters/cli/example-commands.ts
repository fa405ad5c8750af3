import { EXAMPLE_CUSTOMER_ID, EXAMPLE_PROFILE, EXAMPLE_TENANT } from './example-data.js';

/**
 * The curl commands that `serve --example` prints, to be pasted into another terminal in this order.
 *
 * @param baseUrl where the API is mounted, with a trailing slash
 * @param tenantIsDefault whether requests may leave out the tenant header
 * @param user the user name, where the server requires credentials; curl prompts for the password
 */
export function exampleCommands(baseUrl: string, tenantIsDefault: boolean, user: string | undefined): string[] {
  const curl = user === undefined ? 'curl -i' : `curl -i -u ${user}`;
  const url = `${baseUrl}profiles/${EXAMPLE_CUSTOMER_ID}`;
  const tenant = tenantIsDefault ? '' : ` -H 'X-Genesys-TenantId: ${EXAMPLE_TENANT}'`;
  const query = `${curl} '${url}?extensions=*'${tenant}`;
  const replace = (body: object, headers = '') =>
    `${curl} -X PUT '${url}'${tenant} -H 'Content-Type: application/json'${headers} -d '${JSON.stringify(body)}'`;
  const { Address: _, ...attributes } = EXAMPLE_PROFILE;
  const hulk = { ...attributes, FirstName: 'Hulk' };
  return [
    '',
    '# Paste these commands into another terminal, one after the other.',
    '',
    '# Read the profile with all extensions',
    query,
    '# Replace the attributes alone: a body without extensions keeps them all',
    replace(hulk),
    '# Replace attributes and extensions: a body with any extension replaces them all, so Address is removed',
    replace({ ...hulk, Phone: [{ PhoneNumber: '555-0100', PhoneType: 'home' }] }),
    '# Send an impossible date, a word for an address and an unknown attribute: 400 lists all, and nothing changes',
    replace({ ...hulk, DOB: '1962-02-30', EmailAddress: 'bruce', Nickname: 'Jolly' }),
    '# Base a replacement on an outdated revision: 412, so no update is lost',
    replace(EXAMPLE_PROFILE, ` -H 'If-Match: "1"'`),
    '',
  ];
}
