import type { ProfileClient } from '../profile-client.js';
import * as api from './api.js';

/** A client on top of the code generated from the OpenAPI document. Compiled with it, which checks its types. */
export function connect(origin: string, tenant: string): ProfileClient {
  api.defaults.baseUrl = origin;
  return {
    create: async (profile) => seen(await api.createProfile(tenant, profile)),
    get: async (id, options) => seen(await api.getProfile(id, tenant, options)),
    replace: async (id, profile, options) => seen(await api.replaceProfile(id, tenant, profile, options)),
    identify: async (criteria) => seen(await api.identifyProfiles(criteria, tenant)),
    merge: async (id, source, options) =>
      seen(await api.mergeProfiles(id, source, tenant, options && { force_merge: options.force })),
    delete: async (id) => seen(await api.deleteProfile(id, tenant)),
  };
}

function seen({ status, headers, data }: { status: number; headers: Headers; data?: unknown }) {
  return { status, headers, body: data };
}

/** Uses the generated types without casts. Compiled, but never called. */
export async function promised(): Promise<void> {
  const answer = await api.replaceProfile('x', '1', {
    FirstName: 'Bruce',
    EmailAddress: ['bruce.banner@example.com'],
    Phone: [{ PhoneNumber: '555-0100', PhoneType: 1 }],
    Address: null,
  });
  if (answer.status === 200) {
    if ('customer_id' in answer.data) {
      const id: string = answer.data.customer_id;
      const firstName: api.Member | undefined = answer.data.FirstName;
      console.log(id, firstName);
    } else {
      // What `dry_run=yes` answers.
      const outcome: 'changed' | 'unchanged' = answer.data.outcome;
      console.log(outcome);
    }
  } else if (answer.status === 400) {
    const code: 'malformed_request' | 'invalid_profile' = answer.data.code;
    console.log(code, answer.data.violations?.[0]?.pointer);
  } else if (answer.status === 412) {
    console.log(answer.data.current_revision, answer.data.conflicting?.[0]);
  }
  // @ts-expect-error: not a value type
  await api.putProfileSchema('1', { attributes: [{ name: 'FirstName', type: 'text' }] });
  // @ts-expect-error: extensions hold records
  await api.insertRecords('x', '1', { Phone: '555-0100' });
  // @ts-expect-error: a function is not a value
  await api.createProfile('1', { FirstName: () => 'Bruce' });
  // @ts-expect-error: neither yes nor no
  await api.identifyProfiles({ FirstName: 'Bruce' }, '1', { includeProfile: 'maybe' });
  // @ts-expect-error: a key needs attributes
  await api.createIdentificationKey('1', { name: 'byName' });
}
