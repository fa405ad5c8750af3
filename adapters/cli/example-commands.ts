import { EXAMPLE_CUSTOMER_ID, EXAMPLE_PROFILE, EXAMPLE_TENANT } from './example-data.js';

/**
 * Commands to paste that show what the service does with the example.
 *
 * @param baseUrl the address of the interface, with a slash at the end
 * @param tenantIsDefault whether requests need not name the tenant
 * @param user who calls, where the service asks for credentials; curl then asks for the password
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
    '# Query the profile, with all its extensions',
    query,
    '# Replace it without extensions: they stay as they are',
    replace(hulk),
    '# Replace it with one extension: any other is gone',
    replace({ ...hulk, Phone: [{ PhoneNumber: '555-0100', PhoneType: 'home' }] }),
    '# Make mistakes: 400 with a pointer to each, and nothing is changed',
    replace({ ...hulk, DOB: '1962-02-30', Nickname: 'Jolly' }),
    '# Expect a revision that the profile no longer has: 412',
    replace(EXAMPLE_PROFILE, ` -H 'If-Match: "1"'`),
    '',
  ];
}
